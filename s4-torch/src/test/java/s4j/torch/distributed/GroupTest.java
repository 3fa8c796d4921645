package s4j.torch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What workers tell each other, and what they say when they do not come together. */
final class GroupTest {
    private static final Duration SHORT = Duration.ofMillis(1500);

    private static void assertAllSay(List<String> messages, String... parts) {
        for (String message : messages) {
            for (String part : parts) {
                assertTrue(message.contains(part), () -> "<" + message + "> should hold <" + part + ">");
            }
        }
    }

    @Test
    void sumsAndLargestAreOfAllWorkers() {
        List<String> out = Together.all(g -> Arrays.toString(g.sum(g.rank(), 1)) + Arrays.toString(g.max(g.rank(), -g
                .rank())));
        assertEquals(List.of("[3.0, 3.0][2.0, 0.0]", "[3.0, 3.0][2.0, 0.0]", "[3.0, 3.0][2.0, 0.0]"), out);
    }

    @Test
    void everyWorkerIsToldWhatEveryOtherHas() {
        List<String> out = Together.all(g -> {
            byte[] own = "abc".substring(0, g.rank()).getBytes(java.nio.charset.StandardCharsets.US_ASCII); // none at rank 0
            StringBuilder said = new StringBuilder();
            g.gather(own).forEach(b -> said.append(new String(b, java.nio.charset.StandardCharsets.US_ASCII)).append(
                    '|'));
            return said + Arrays.toString(g.broadcast(new byte[]{(byte) (g.rank() + 200)}))
                    + g.broadcast(new byte[0]).length;
        });
        assertEquals(List.of("|a|ab|[-56]0", "|a|ab|[-56]0", "|a|ab|[-56]0"), out);
    }

    @Test
    void othersWaitForTheFirstOfTheirMachine() {
        AtomicInteger done = new AtomicInteger();
        List<Integer> seen = Together.all(g -> g.inTurn(() -> {
            if (g.rank() == 0) {
                Rendezvous.sleep(100);
            }
            return done.getAndIncrement();
        }));
        assertEquals(0, seen.getFirst(), "the first one begins");
        assertEquals(3, done.get());
    }

    @Test
    void aWorkerThatFailsSaysWhyAtTheOthers() {
        List<String> out = Together.all(g -> {
            if (g.rank() == 1) {
                g.failed("its disk is full");
                return "";
            }
            try {
                return "sum " + g.sum(1)[0];
            } catch (PeerException e) {
                return String.valueOf(e.getMessage());
            }
        });
        assertAllSay(List.of(out.get(0), out.get(2)), "rank 1 failed: its disk is full");
    }

    @Test
    void aWorkerThatFailsWhileOthersWaitForItsTurnIsNamed() {
        List<String> out = Together.all(g -> {
            try {
                return g.inTurn(() -> {
                    if (g.rank() == 0) {
                        throw new IllegalStateException("no data");
                    }
                    return "began";
                });
            } catch (PeerException e) {
                return String.valueOf(e.getMessage());
            } catch (IllegalStateException e) {
                g.failed("no data");
                return "own";
            }
        });
        assertEquals(List.of("own", "rank 0 failed: no data", "rank 0 failed: no data"), out);
    }

    @Test
    void aMissingWorkerIsNamed() {
        int port = Together.freePort();
        assertAllSay(Together.refused(2, rank -> Together.world(rank, 3, port, SHORT), "1").subList(0, 1),
                "2 of 3 workers came to 127.0.0.1:" + port, "missing rank 2");
    }

    @Test
    void otherSizesVersionsAndRanksThatAreThereTwiceAreNamed() {
        int port = Together.freePort();
        assertAllSay(Together.refused(2, rank -> Together.world(rank, 2 + rank, port, SHORT), "1"),
                "rank 1 has WORLD_SIZE=3", "rank 0 has WORLD_SIZE=2");
        int next = Together.freePort();
        assertAllSay(Together.refused(2, rank -> Together.world(rank, 2, next, SHORT), "2"),
                "rank 1 has WORLD_SIZE=2 and s4j 2; rank 0 has WORLD_SIZE=2 and s4j 1");
        int last = Together.freePort();
        List<String> twice = Together.refused(3, rank -> Together.world(Math.min(rank, 1), 3, last, SHORT), "1");
        assertAllSay(twice.subList(0, 1), "two workers say they are rank 1; expected ranks 0 to 2");
    }

    @Test
    void anOccupiedPortAndOneWhereNobodyListensAreNamed() throws IOException {
        int port = Together.freePort();
        assertAllSay(Together.refused(1, rank -> Together.world(1, 2, port, SHORT), "1"),
                "rank 1 finds no rank 0 at MASTER_ADDR:MASTER_PORT=127.0.0.1:" + port);
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[4]))) {
            assertAllSay(Together.refused(1, rank -> Together.world(0, 2, other.getLocalPort(), SHORT), "1"),
                    "rank 0 cannot listen at MASTER_PORT=" + other.getLocalPort(), "Choose another");
        }
    }
}
