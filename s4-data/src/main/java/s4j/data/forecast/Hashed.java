package s4j.data.forecast;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what a table was read from. */
final class Hashed {
    static String of(Path file) throws IOException { return hex(Files.readAllBytes(file)); }

    /** Of values, where there is no file. */
    static String of(TimeTable table) {
        StringBuilder all = new StringBuilder();
        for (TimeSeries s : table.series()) {
            all.append(s.id()).append(s.axis().stamp(0)).append(s.length());
            s.columns().forEach(c -> all.append(java.util.Arrays.hashCode(c)));
        }
        return hex(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private Hashed() {}
}
