package s4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;

/** The version of s4j, which the build writes. */
public final class Version {
    private static final String CURRENT = read();

    /** E.g. {@code 0.1.0}. */
    public static String current() { return CURRENT; }

    private static String read() {
        Properties p = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            p.load(Objects.requireNonNull(in, "version.properties is missing from the class path"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot read version.properties", e);
        }
        return p.getProperty("version", "?");
    }

    private Version() {}
}
