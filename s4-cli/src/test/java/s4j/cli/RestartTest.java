package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.stream.S4Model;

/**
 * A server that is told to end, and one that is killed, while many clients step their streams: what was acknowledged goes on to the same
 * bits. Larger with {@code -Ds4.restart.streams=500 -Ds4.restart.rounds=20}.
 */
final class RestartTest {
    private static final int STREAMS = Integer.getInteger("s4.restart.streams", 24);
    private static final int ROUNDS = Integer.getInteger("s4.restart.rounds", 2);
    private static final int PATIENCE_SECONDS = 60;
    /** Of each stream, on the mean, before the server ends. */
    private static final long STEPS = 10;

    @TempDir
    Path tmp = Path.of("");

    @Test
    void whatWasAcknowledgedGoesOnToTheSameBits() throws Exception {
        String model = Commands.values(tmp);
        S4Model network = S4Model.load(Path.of(model));
        List<SteppedStream> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(
                    new SteppedStream(network, Path.of(model).getFileName().toString().replace(".safetensors", ""), i));
        }
        for (int round = 0; round < ROUNDS; round++) {
            ServerProcess server = ServerProcess.start(model, "--store", tmp.resolve("streams").toString());
            boolean kill = round % 2 == 1;
            load(server, streams, kill);
        }
        ServerProcess last = ServerProcess.start(model, "--store", tmp.resolve("streams").toString());
        try {
            for (SteppedStream stream : streams) {
                stream.goOn(last.address(), 3);
                assertEquals("", stream.wrong());
            }
        } finally {
            last.kill();
        }
    }

    private static long taken(List<SteppedStream> streams) {
        return streams.stream().mapToLong(SteppedStream::acknowledged).sum();
    }

    /** All step as fast as they are answered until the server ends under them. */
    private static void load(ServerProcess server, List<SteppedStream> streams, boolean kill) throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (SteppedStream stream : streams) {
                all.add(pool.submit(() -> {
                    stream.goOn(server.address(), Integer.MAX_VALUE);
                    return null;
                }));
            }
            long enough = taken(streams) + STEPS * streams.size();
            for (int i = 0; i < 50 * PATIENCE_SECONDS && taken(streams) < enough; i++) {
                Thread.sleep(20);
            }
            assertTrue(taken(streams) >= enough, "the server hardly answers");
            if (kill) {
                server.kill();
            } else {
                server.end();
            }
            for (Future<?> f : all) {
                f.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        }
        for (SteppedStream stream : streams) {
            assertEquals("", stream.wrong());
        }
    }
}
