package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small load; LoadCampaign runs a large one. */
final class LoadTest {
    @TempDir
    Path tmp;

    @Test
    void noStreamGetsTheAnswerOfAnother() throws Exception {
        StringBuilder report = new StringBuilder();
        assertEquals(0, LoadCampaign.run(tmp, 50, 20, report), report.toString());
        assertTrue(report.toString().contains("50 streams, 20 steps each"), report.toString());
    }
}
