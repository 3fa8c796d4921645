package s4j.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import s4j.io.Json;
import s4j.stream.S4Model;
import s4j.stream.Session;
import s4j.testkit.Talk;

/**
 * A client of one stream that knows what was acknowledged and compares every answer with a session by itself. Odd ones step over a
 * WebSocket, the others over REST.
 */
final class SteppedStream {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String model;
    private final int index;
    private final Session alone;
    private String id = "";
    private final AtomicInteger acknowledged = new AtomicInteger();
    /** Steps of the session. */
    private int compared;
    private String wrong = "";

    SteppedStream(S4Model network, String model, int index) {
        this.model = model;
        this.index = index;
        this.alone = network.newSession();
    }

    int acknowledged() { return acknowledged.get(); }

    /** What was not as it should be. */
    String wrong() { return wrong; }

    private float[] input(int t) { return new float[]{(float) Math.sin(index + 0.3 * t), (float) Math.cos(0.1 * t)}; }

    /** What step t must be answered; a step that was taken and not acknowledged is passed over. */
    private String answer(int t) {
        float[] y = new float[0];
        for (; compared <= t; compared++) {
            float[] x = input(compared);
            y = alone.step(x[0], x[1]);
        }
        List<Double> row = new ArrayList<>();
        for (float v : y) {
            row.add((double) v);
        }
        return "{\"outputs\":[" + Json.print(row) + "]}";
    }

    /** Steps it until so many are acknowledged or the server is gone. */
    void goOn(String address, int steps) throws InterruptedException {
        try (Talk talk = new Talk(CLIENT, URI.create(address.replaceFirst("http", "ws") + "/v1/models/" + model
                + "/stream?keep=true" + (id.isEmpty() ? "" : "&stream=" + id)))) {
            String hello = talk.text();
            if (!hello.contains("\"steps\"")) {
                return; // it is ending
            }
            id = hello.replaceFirst(".*\"stream\":\"([0-9a-f]+)\".*", "$1");
            int taken = Integer.parseInt(hello.replaceFirst(".*\"steps\":(\\d+).*", "$1"));
            if (taken != acknowledged.get() && taken != acknowledged.get() + 1) {
                wrong = "stream %d has %d steps; %d were acknowledged".formatted(index, taken, acknowledged.get());
                return;
            }
            acknowledged.set(taken);
            for (int n = 0; n < steps && wrong.isEmpty(); n++) {
                String x = "[" + Json.print(list(input(acknowledged.get()))) + "]";
                if (index % 2 == 1) {
                    talk.say(x);
                    take(talk.text());
                } else {
                    take(post(address, "{\"values\":" + x + "}"));
                }
            }
        } catch (IOException | ExecutionException | TimeoutException e) {
            // the server is gone
        }
    }

    private void take(String said) throws IOException {
        if (said.contains("\"error\"") || said.startsWith("closed")) {
            throw new IOException(said); // it is ending
        }
        String expected = answer(acknowledged.get());
        if (!said.equals(expected)) {
            wrong = "stream %d, step %d: %s; expected %s".formatted(index, acknowledged.get() + 1, said, expected);
        }
        acknowledged.incrementAndGet();
    }

    private static List<Double> list(float[] x) { return List.of((double) x[0], (double) x[1]); }

    private String post(String address, String body) throws IOException, InterruptedException {
        HttpResponse<String> r = CLIENT
                .send(HttpRequest.newBuilder(URI.create(address + "/v1/streams/" + id + "/steps"))
                        .POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
        return r.body();
    }
}
