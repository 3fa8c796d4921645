package s4j.serve;

import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** The playground: files of this module, none of the file system. */
final class Page {
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final Map<String, String> FILES = Map.of("index.html", "text/html; charset=utf-8", "app.js", SCRIPT,
            "panels.js", SCRIPT, "microphone.js", SCRIPT, "style.css", "text/css; charset=utf-8");

    static void install(HttpRouting.Builder routing) {
        FILES.forEach((file, type) -> {
            byte[] bytes = read(file);
            for (String path : file.equals("index.html")
                    ? new String[]{"/", "/index.html"}
                    : new String[]{"/" + file}) {
                routing.get(path, (q, r) -> {
                    r.header("Content-Type", type);
                    r.header("Content-Security-Policy",
                            "default-src 'self'; media-src 'self' blob:; img-src 'self' data:");
                    r.header("X-Content-Type-Options", "nosniff");
                    r.send(bytes);
                });
            }
        });
    }

    private static byte[] read(String file) {
        try (InputStream in = Page.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("no " + file + " in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Page() {}
}
