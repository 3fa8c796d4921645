package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits as words, and what depends on them. */
final class LimitsTest {
    private static final ServerConfig.Limits DEFAULTS = ServerConfig.Limits.DEFAULTS;

    @TempDir
    Path tmp;

    @Test
    void everyLimitHasAWordThatChangesItAlone() {
        Map<String, String> words = Map.ofEntries(Map.entry("body", "7"), Map.entry("steps", "7"),
                Map.entry("streams", "7"), Map.entry("waiting", "7"), Map.entry("batch", "7"),
                Map.entry("connections", "7"), Map.entry("time", "7ms"), Map.entry("idle", "7h"),
                Map.entry("gather", "7us"), Map.entry("transfer", "7m"), Map.entry("quiet", "7s"));
        for (Map.Entry<String, String> word : words.entrySet()) {
            ServerConfig.Limits changed = DEFAULTS.with(word.getKey(), word.getValue());
            assertNotEquals(DEFAULTS, changed, word.getKey());
            int differ = 0;
            List<Object> before = parts(DEFAULTS);
            List<Object> after = parts(changed);
            for (int i = 0; i < before.size(); i++) {
                differ += before.get(i).equals(after.get(i)) ? 0 : 1;
            }
            assertEquals(1, differ, word.getKey());
        }
        assertEquals(words.size(), parts(DEFAULTS).size(), "a limit without a word");
        assertEquals(Duration.ofNanos(7000), DEFAULTS.with("gather", "7us").gather());
        assertEquals(Duration.ofHours(7), DEFAULTS.with("idle", "7h").idle());
    }

    private static List<Object> parts(ServerConfig.Limits l) {
        return List.of(l.body(), l.steps(), l.streams(), l.waiting(), l.time(), l.idle(), l.batch(), l.gather(),
                l.lines().transfer(), l.lines().quiet(), l.lines().most());
    }

    @Test
    void whatIsNoLimitIsSaidWithWhatIs() {
        assertFails(IllegalArgumentException.class, () -> DEFAULTS.with("boddy", "1"), "did you mean body?");
        for (String value : List.of("0", "-1", "1e3", "x", "", "99999999999", "5s")) {
            assertFails(IllegalArgumentException.class, () -> DEFAULTS.with("streams", value),
                    "expected a whole number from 1 to");
        }
        for (String value : List.of("0s", "5", "s", "5 s", "5d", "-5s", "", "1.5s")) {
            assertFails(IllegalArgumentException.class, () -> DEFAULTS.with("idle", value),
                    "expected a time such as 200us");
        }
    }

    @Test
    void aRequestOfMoreSequencesThanABatchOrTheQueueHoldsIsAnsweredWhole() throws IOException {
        ServerConfig few = ServerConfig.DEFAULTS.with(DEFAULTS.with("batch", "4").with("waiting", "4"));
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < 11 * 4; i++) {
            all.add(Math.sin(i));
        }
        Map<String, Object> request = Map.of("inputs",
                List.of(Map.of("name", "x", "datatype", "FP32", "shape", List.of(11, 4, 1), "data", all)));
        try (TestServer one = TestServer.over(tmp, few);
                TestServer other = TestServer.over(tmp, ServerConfig.DEFAULTS)) {
            assertEquals(other.post("/v2/models/sines/infer", request), one.post("/v2/models/sines/infer", request));
        }
    }

    @Test
    void anInterruptOfOneThreadDoesNotEndTheJournalOfAll() throws Exception {
        List<Long> found = new ArrayList<>();
        try (Journal log = new Journal(tmp.resolve("log"))) {
            Thread interrupted = Thread.startVirtualThread(() -> {
                Thread.currentThread().interrupt();
                try {
                    log.add("a", "m", 0, new float[]{1, 2});
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            interrupted.join();
            log.add("a", "m", 1, new float[]{3, 4});
            assertEquals(2 * (4 + 2 + 1 + 2 + 1 + 8 + 4 + 8), log.size());
        }
        try (Journal log = new Journal(tmp.resolve("log"))) {
            log.replay((id, model, first, x) -> found.add(first));
        }
        assertEquals(List.of(0L, 1L), found);
    }
}
