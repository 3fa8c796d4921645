package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.torch.Learner;
import s4j.train.fake.FakeData;

/** {@code s4 compare} from its words to its last line. */
final class CompareCommandTest {
    @TempDir
    Path tmp;

    private Commands.Said compare(String... more) {
        Parts parts = new Parts(Learner::create, (config, log) -> new FakeData(),
                (directory, kinds) -> new Parts.ParityResult("", true));
        List<String> words = new ArrayList<>(List.of("compare", "pipeline=mnist", "budget.epochs=1", "seeds=1",
                "growth=0", "loader.batch_size=10", "model.d_model=8", "model.n_layers=1",
                "run.dir=" + tmp.resolve("c")));
        words.addAll(List.of(more));
        return Commands.s4(parts, new byte[0], new ByteArrayOutputStream(), words.toArray(String[]::new));
    }

    @Test
    void twoModelsEndInAReportAndTheSameCommandTrainsNothingAgain() throws IOException {
        Commands.Said said = compare("models=mlp,gru", "budget.params=2000");
        assertEquals(0, said.code(), said.err());
        Path report = tmp.resolve("c", "report.html");
        assertEquals("report: " + report, said.lastLine());
        assertTrue(said.out().contains("epoch 1/1"), said.out());
        String html = Files.readString(report);
        assertTrue(html.contains("Where S4 loses") && html.contains("mlp"), html);
        Commands.Said again = compare("models=mlp,gru", "budget.params=2000");
        assertEquals(0, again.code(), again.err());
        assertFalse(again.out().contains("epoch 1/1"), again.out());
    }

    @Test
    void anUnknownModelIsRefusedBeforeAnythingIsTrained() {
        Commands.Said said = compare("models=s4,lstmm");
        assertEquals(2, said.code(), said.out());
        assertTrue(said.err().contains("unknown model lstmm") && said.err().contains("did you mean lstm"), said.err());
        assertFalse(Files.exists(tmp.resolve("c")));
        assertEquals(2, compare("models=s4").code());
    }
}
