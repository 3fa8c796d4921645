package s4j.serve;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;
import s4j.testkit.Talk;

/** A Chromium without a window, driven by the DevTools protocol; its microphone beeps. */
final class Browser implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("DevTools listening on ws://([^/]+)/");
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Talk page;
    private int last;

    /** Starts the program with its files in a directory. */
    Browser(String program, Path directory) throws Exception {
        process = new ProcessBuilder(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--remote-debugging-port=0", "--user-data-dir=" + directory, "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required",
                "--window-size=900,1200", "about:blank").redirectErrorStream(true).start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String host = "";
        for (String line = out.readLine(); line != null && host.isEmpty(); line = out.readLine()) {
            Matcher m = ADDRESS.matcher(line);
            host = m.find() ? m.group(1) : "";
        }
        Thread.startVirtualThread(() -> drain(out));
        String list = client.send(java.net.http.HttpRequest.newBuilder(URI.create("http://" + host + "/json")).build(),
                java.net.http.HttpResponse.BodyHandlers.ofString()).body();
        Object target = ((List<?>) Objects.requireNonNull(Json.parse(list, "targets"))).stream()
                .filter(t -> "page".equals(((Map<?, ?>) t).get("type"))).findFirst().orElseThrow();
        page = new Talk(client, URI.create(String.valueOf(((Map<?, ?>) target).get("webSocketDebuggerUrl"))));
    }

    /** Reads on until the end: else the program would wait for a reader. */
    private static void drain(BufferedReader out) {
        try {
            while (out.readLine() != null) {
                // what it says is of no use
            }
        } catch (IOException e) {
            // it has ended
        }
    }

    /** A command's result. */
    Map<?, ?> command(String method, Map<String, ?> parameters) {
        try {
            int id = ++last;
            page.say(Json.print(Map.of("id", id, "method", method, "params", parameters)));
            while (true) {
                Map<?, ?> answer = (Map<?, ?>) Objects.requireNonNull(Json.parse(page.text(), "answer"));
                if (Long.valueOf(id).equals(answer.get("id"))) {
                    if (answer.get("error") != null) {
                        throw new AssertionError(method + ": " + answer.get("error"));
                    }
                    return (Map<?, ?>) TestServer.at(answer, "result");
                }
            }
        } catch (Exception e) {
            throw new AssertionError(method, e);
        }
    }

    /** The value of an expression, once its promise is fulfilled. */
    @Nullable
    Object value(String expression) {
        Map<?, ?> result = command("Runtime.evaluate",
                Map.of("expression", expression, "awaitPromise", true, "returnByValue", true, "userGesture", true));
        if (result.get("exceptionDetails") != null) {
            throw new AssertionError(expression + ": " + result.get("exceptionDetails"));
        }
        return ((Map<?, ?>) TestServer.at(result, "result")).get("value");
    }

    /** Waits until an expression is true. */
    void await(String expression) throws InterruptedException {
        for (int i = 0; i < 20 * PATIENCE_SECONDS; i++) {
            if (Boolean.TRUE.equals(value("!!(" + expression + ")"))) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("never: " + expression + "\n" + value("document.body.innerText"));
    }

    /** Opens a page. */
    void open(String address) throws InterruptedException {
        command("Page.navigate", Map.of("url", address));
        await("location.href.startsWith(" + Json.print(address) + ") && document.readyState === 'complete'");
    }

    /** What it looks like, as PNG. */
    byte[] picture() {
        return Base64.getDecoder().decode(String.valueOf(command("Page.captureScreenshot",
                Map.of("captureBeyondViewport", true)).get("data")));
    }

    @Override
    public void close() throws IOException {
        page.close();
        client.close();
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
