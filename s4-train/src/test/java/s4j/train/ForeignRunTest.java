package s4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.io.ModelFile;
import s4j.train.fake.FakeLearner;
import s4j.train.fake.StoppingLearner;
import s4j.train.fake.TinyRun;
import s4j.train.run.RunException;

/** Files of others where a run writes, and a run's own files that others remove. */
final class ForeignRunTest {
    private static final String MINE = "mine";

    @TempDir
    Path tmp = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"config.yaml", "metrics.csv", "metrics.jsonl", "timing.csv", "report.html",
            "model.safetensors", "checkpoints/best.safetensors", "checkpoints/last.safetensors"})
    void aPersonsFileIsRefusedByNameAlsoThroughLinks(String name) throws IOException {
        Path elsewhere = Files.writeString(tmp.resolve("elsewhere"), MINE);
        for (String kind : List.of("file", "link", "dangling", "directory", "behind a link")) {
            Path run = tmp.resolve(kind.replace(' ', '-'));
            Path at = run.resolve(name);
            Files.createDirectories(Objects.requireNonNull(at.getParent()));
            switch (kind) {
                case "link" -> Files.createSymbolicLink(at, elsewhere);
                case "dangling" -> Files.createSymbolicLink(at, tmp.resolve("not-there"));
                case "directory" -> Files.createDirectory(at);
                default -> Files.writeString(at, MINE);
            }
            Path given = kind.equals("behind a link") ? Files.createSymbolicLink(tmp.resolve("alias"), run) : run;
            String message = assertFails(RunException.class, () -> TinyRun.in(given).go());
            assertTrue(message.contains("run.dir=" + given), message);
            assertTrue(message.contains(name) || message.contains("already holds a run"), message);
            assertEquals(kind.equals("file") || kind.equals("behind a link"),
                    Files.isRegularFile(at, java.nio.file.LinkOption.NOFOLLOW_LINKS)
                            && Files.readString(at).equals(MINE));
            assertEquals(MINE, Files.readString(elsewhere));
            assertTrue(Files.notExists(tmp.resolve("not-there")));
        }
    }

    @Test
    void metricsThatAreRemovedWhileTrainingDoNotCostTheModel() throws IOException {
        TinyRun run = TinyRun.in(tmp.resolve("run")).with((network, options) -> new StoppingLearner(
                new FakeLearner(network, options), 12, () -> removed(tmp.resolve("run"))));
        assertInstanceOf(Outcome.Finished.class, run.go());
        assertTrue(ModelFile.read(run.directory().model()).tensors().size() > 0);
        assertTrue(Files.readString(run.directory().report()).strip().endsWith("</html>"));
    }

    private static void removed(Path run) {
        try {
            for (String name : List.of("metrics.csv", "metrics.jsonl", "timing.csv")) {
                Files.delete(run.resolve(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
