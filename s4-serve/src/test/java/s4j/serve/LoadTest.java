package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small load; LoadCampaign runs a large one. */
final class LoadTest {
    @TempDir
    Path tmp;

    @Test
    void noStreamGetsTheAnswerOfAnother() throws Exception {
        StringBuilder report = new StringBuilder();
        long wrong = LoadCampaign.run(tmp, Map.of("streams", 50, "millis", 600, "deck", 300, "idle", 200), report);
        assertEquals(0, wrong, report.toString());
        for (String claim : List.of("50 streams over WebSockets", "at half that rate", "in a program",
                "200 idle streams")) {
            assertTrue(report.toString().contains(claim), claim + " in " + report);
        }
    }

    @Test
    void allKindsOfUseAtOnceDisturbNobody() throws Exception {
        StringBuilder report = new StringBuilder();
        assertEquals(0, LoadCampaign.soak(tmp, Map.of("clients", 20), Duration.ofSeconds(2), report),
                report.toString());
    }
}
