package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.cli.Commands.Said;

/** {@code s4 sweep}, {@code s4 runs} and {@code s4 runs compare} over quick stand-ins. */
final class RunsCommandTest {
    @TempDir
    Path tmp;

    private static Said s4(String... words) {
        return Commands.s4(Writers.FAKES, new byte[0], new ByteArrayOutputStream(), words);
    }

    private Said sweep(String... more) {
        return s4(java.util.stream.Stream.concat(java.util.stream.Stream.of("sweep", "-m", "pipeline=mnist",
                "model=s4d", "trainer.max_epochs=2", "loader.batch_size=50", "scheduler.num_warmup_steps=2",
                "run.dir=" + tmp.resolve("sweep")), java.util.Arrays.stream(more)).toArray(String[]::new));
    }

    @Test
    void aSweepTrainsEveryCombinationAndGoesOnWhereItWas() throws IOException {
        Said said = sweep("optimizer.lr=0.001,0.01", "train.seed=1,2");
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().startsWith("sweep of 4 runs in "), said.out());
        List<String> csv = Files.readAllLines(tmp.resolve("sweep/sweep.csv"));
        assertEquals("run,optimizer.lr,train.seed,best validation accuracy,its loss,minutes of training,",
                csv.getFirst());
        assertEquals(5, csv.size());
        assertEquals(1, csv.stream().filter(l -> l.endsWith(",best")).count(), csv.toString());
        String html = Files.readString(tmp.resolve("sweep/sweep.html"));
        assertTrue(html.contains("Its test accuracy") && html.contains("validation accuracy</text>"), html);
        Said again = sweep("optimizer.lr=0.001,0.01", "train.seed=1,2");
        assertEquals(0, again.code(), again.err());
        assertFalse(again.out().contains("epoch 1/2"), "nothing is trained again");
        Said other = sweep("optimizer.lr=0.001,0.02");
        assertEquals(2, other.code());
        assertTrue(other.err().contains("holds another sweep"), other.err());
        Said listed = s4("runs", "--dir", tmp.toString(), "--where", "optimizer.lr=0.01", "--sort", "accuracy",
                "--show",
                "train.seed,optimizer.lr");
        assertEquals("2 runs", listed.lastLine(), listed.out());
        assertTrue(listed.out().contains("finished") && listed.out().contains("mnist"), listed.out());
        assertEquals("4 runs", s4("runs", "--dir", tmp.toString(), "--where", "status=finished").lastLine());
        assertEquals("0 runs", s4("runs", "--dir", tmp.toString(), "--where", "accuracy>1").lastLine());
        Said unknown = s4("runs", "--dir", tmp.toString(), "--sort", "nope");
        assertTrue(unknown.code() == 2 && unknown.err().contains("--sort nope: no run has it"), unknown.err());
    }

    @Test
    void aSweepLearnsItsTaskFromTheData() throws IOException {
        StringBuilder rows = new StringBuilder("a,b,c,label\n");
        for (int i = 0; i < 60; i++) {
            rows.append("%d,%d,%d,%s%n".formatted(i % 7, i % 2, i % 5, i % 2 == 0 ? "even" : "odd"));
        }
        Path table = Files.writeString(tmp.resolve("rows.csv"), rows);
        Said said = s4("sweep", "pipeline=series", "dataset.path=" + table, "dataset.target=label",
                "optimizer.lr=0.01,0.02",
                "model=s4d", "model.d_model=4", "model.n_layers=1", "trainer.max_epochs=1", "loader.batch_size=10",
                "run.dir=" + tmp.resolve("own"));
        assertEquals(0, said.code(), said.err());
        assertTrue(Files.readString(tmp.resolve("own/sweep.csv")).contains("best validation accuracy"));
    }

    @Test
    void aMistakeInOneCombinationIsSaidBeforeAnythingIsTrained() {
        Said said = sweep("model.layer.d_state=4,none");
        assertEquals(2, said.code(), said.out());
        assertFalse(Files.exists(tmp.resolve("sweep")));
        Said hydra = s4("train", "-m", "pipeline=mnist", "model=s4d");
        assertTrue(hydra.err().contains("no key has several values"), hydra.err());
    }

    @Test
    void twoRunsAreComparedInWhatDiffers() throws IOException {
        Path a = tmp.resolve("a");
        Path b = tmp.resolve("b");
        assertEquals(0, s4(Writers.train(a)).code());
        assertEquals(0, s4(Writers.train(b, "optimizer.lr=0.02", "run.tensorboard=true")).code());
        assertTrue(Files.exists(b.resolve("events.out.tfevents.0.s4j")) && Files.notExists(
                a.resolve("events.out.tfevents.0.s4j")));
        Path page = tmp.resolve("page.html");
        Said said = s4("runs", "compare", a.toString(), b.toString(), "--html", page.toString());
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().contains("optimizer.lr") && said.out().contains("0.02"), said.out());
        assertFalse(said.out().contains("batch_size") || said.out().contains("run.dir"), said.out());
        String html = Files.readString(page);
        assertTrue(html.contains("Validation accuracy") && html.contains("What differs"), html);
        assertEquals("page: " + page, said.lastLine());
    }

    @Test
    void whatIsNoRunIsSaid() throws IOException {
        Said one = s4("runs", "compare", tmp.toString());
        assertTrue(one.code() == 2 && one.err().contains("expected two or more"), one.err());
        Said none = s4("runs", "compare", tmp.toString(), tmp.toString());
        assertNotEquals(0, none.code());
        assertTrue(none.err().contains("config.yaml"), none.err());
        assertTrue(s4("runs", "--dir", tmp.resolve("x").toString()).err().contains("expected one with runs"));
        assertTrue(s4("runs", "--dir", tmp.toString(), "--where", "a<b").err().contains("NAME<NUMBER"));
        Files.writeString(Files.createDirectories(tmp.resolve("bad")).resolve("config.yaml"), "a: [");
        Said listed = s4("runs", "--dir", tmp.toString());
        assertEquals("0 runs", listed.lastLine());
        assertTrue(listed.err().contains("bad: "), listed.err());
    }
}
