package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.data.DatasetConfig;
import s4j.io.ModelFile;
import s4j.train.fake.FakeLearner;

/** A user's own files through the command: described, trained on, evaluated; libtorch is a stand-in. */
final class OwnDataTest {
    @TempDir
    Path tmp;

    private String s4(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Parts parts = new Parts(FakeLearner::new, DatasetConfig::load,
                (directory, kinds) -> new Parts.ParityResult("", false));
        assertEquals(0, S4.commandLine(parts, new PrintWriter(out), new PrintWriter(err)).execute(args), err::toString);
        return out.toString();
    }

    /** Forty series of two classes, up and down, of five steps. */
    private Path table() throws IOException {
        StringBuilder out = new StringBuilder("way;t0;t1;t2;t3;t4\n");
        for (int i = 0; i < 40; i++) {
            boolean up = i % 2 == 0;
            out.append(up ? "up <&>" : "down");
            for (int t = 0; t < 5; t++) {
                out.append(';').append(up ? t : 4 - t).append(',').append(i % 10);
            }
            out.append('\n');
        }
        return Files.writeString(tmp.resolve("ways.csv"), out);
    }

    @Test
    void dataDescribesSeriesWithAPage() throws IOException {
        Path page = tmp.resolve("pages/ways.html");
        String said = s4("data", "series", "path=" + table(), "dataset.target=way", "val_split=0.1",
                "--html", page.toString());
        assertTrue(said.contains("ways.csv, one row a series; 1 channel; 5 steps; 2 classes (down, up <&>)"), said);
        assertTrue(said.matches("(?s).*train +29 sequences of 5 steps\\R.*test +8 sequences.*"), said);
        assertTrue(said.matches("(?s).*value 1 +0 to 4\\.9, mean .*"), said);
        assertTrue(said.matches("(?s).*  down +15 +1 +4\\R  up <&> +14 +2 +4\\R.*"), said);
        assertTrue(said.contains("missing values: 0") && said.endsWith("page: " + page + System.lineSeparator()), said);
        String html = Files.readString(page);
        assertTrue(html.contains("class up &lt;&amp;&gt;") && html.contains("<svg"), "examples with their class");
        assertEquals(12, html.split("<figure>", -1).length - 1, "six of each class");
    }

    @Test
    void dataDescribesTextAndRecordings() throws IOException {
        Path text = Files.writeString(tmp.resolve("a.txt"), "Anna & Bob\n".repeat(100));
        Path page = tmp.resolve("text.html");
        String said = s4("data", "dataset=text", "path=" + text, "sample_len=50", "--html", page.toString());
        assertTrue(
                said.contains("tokens: 990 training, 55 validation, 55 test") && said.contains("different tokens: 9"),
                said);
        assertTrue(Files.readString(page).contains("Anna &amp; Bob"), "the text itself");
    }

    @Test
    void classNamesAndScaleGoIntoTheModelFile() throws IOException {
        Path run = tmp.resolve("run");
        List<String> words = new ArrayList<>(List.of("train", "pipeline=series", "dataset.path=" + table(),
                "dataset.target=way", "trainer.max_epochs=1", "run.dir=" + run));
        String trained = s4(words.toArray(String[]::new));
        assertTrue(trained.contains("test accuracy: "), trained);
        ModelFile model = ModelFile.read(run.resolve("model.safetensors"));
        assertTrue(model.config().toString().contains("up <&>"), model.config().toString());
        assertTrue(model.tensors().containsKey("data.mean"), "mean of the training series");
        String tested = s4("eval", run.resolve("model.safetensors").toString(), "dataset.path=" + table());
        assertEquals(last(trained), last(tested));
    }

    @Test
    void placesInACheckpointAreShownAndThoseOfAForeignOneNotRead() throws IOException {
        Path run = tmp.resolve("run");
        Path table = table();
        s4("train", "pipeline=series", "dataset.path=" + table, "dataset.target=way", "trainer.max_epochs=1",
                "run.dir=" + run);
        String resumed = s4("train", "--resume", "run.dir=" + run);
        assertTrue(resumed.contains("from the checkpoint: dataset.path=" + table), resumed);
        Path checkpoint = run.resolve("checkpoints/last.safetensors");
        StringWriter err = new StringWriter();
        Parts parts = new Parts(FakeLearner::new, DatasetConfig::load, (d, kinds) -> new Parts.ParityResult("", false));
        int code = S4.commandLine(parts, new PrintWriter(new StringWriter()), new PrintWriter(err)).execute("train",
                "train.ckpt=" + checkpoint, "run.dir=" + tmp.resolve("other"));
        assertEquals(2, code);
        assertTrue(err.toString().contains("dataset.path=" + table + " stands in the file"), err.toString());
        s4("train", "train.ckpt=" + checkpoint, "dataset.path=" + table, "run.dir=" + tmp.resolve("other"));
    }

    private static String last(String said) { return said.strip().lines().reduce((a, b) -> b).orElse(""); }
}
