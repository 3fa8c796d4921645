package s4j.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Errors that papers have printed, from a file that names their sources: words that say what, then the number.
 *
 * @param errors by the words, with spaces between
 */
record Published(Map<String, Double> errors) {
    /** A resource beside this class. */
    static Published read(String name) {
        Map<String, Double> out = new LinkedHashMap<>();
        try (InputStream in = Published.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + name);
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int last = line.lastIndexOf(',');
                if (!line.startsWith("#") && last > 0) {
                    out.put(line.substring(0, last).replace(',', ' '), Double.valueOf(line.substring(last + 1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Published(out);
    }

    /** An error; null: not published. */
    @Nullable
    Double error(Object... words) {
        return errors.get(String.join(" ", List.of(words).stream().map(String::valueOf).toList()));
    }

    /** As tables print it. */
    String text(Object... words) {
        Double v = error(words);
        return v == null ? "–" : String.format(Locale.ROOT, "%.3f", v);
    }
}
