package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.cli.Commands.s4;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.audio.WavFile;
import s4j.audio.Waveform;
import s4j.cli.Commands.Said;

/** What a newcomer gives to commands by mistake: another file, nothing, a directory, no number. */
final class WrongInputTest {
    @TempDir
    Path tmp = Path.of("");

    private String values = "";
    private String empty = "";
    private String junk = "";

    @BeforeEach
    void inputs() throws IOException {
        values = Commands.values(tmp);
        empty = Files.createFile(tmp.resolve("empty")).toString();
        junk = Files.write(tmp.resolve("junk"), new byte[]{3, (byte) 0xfe, 0, 7, (byte) 0xff, 1, 2, 3, 4}).toString();
    }

    private static Set<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static void refused(String part, String... words) {
        Said said = s4("", words);
        assertEquals(2, said.code(), List.of(words) + said.out() + said.err());
        assertTrue(said.err().contains(part), List.of(words) + said.err());
        assertFalse(said.err().contains("\tat ") || said.err().contains("a fault in s4j"), List.of(words) + said.err());
        assertEquals("", said.text(), List.of(words) + "nothing is answered");
    }

    @Test
    void whatIsNoModelIsRefusedByEveryCommandThatReadsOne() throws IOException {
        Path directory = Files.createDirectory(tmp.resolve("directory"));
        String out = tmp.resolve("out").toString();
        for (List<String> command : List.of(List.of("eval"), List.of("verify"), List.of("inspect"), List.of("stream"),
                List.of("listen", "--input", "-"), List.of("score-audio", "--classifier", values), List.of("generate"),
                List.of("serve", "--port", "0"), List.of("export", "--format", "npz", "--out", out),
                List.of("import", "--out", out), List.of("predict", "--input", empty),
                List.of("forecast", "--input", empty), List.of("backtest", "--input", empty))) {
            for (String model : List.of(empty, junk, directory.toString(), tmp.resolve("none").toString())) {
                Set<Path> before = files(tmp);
                String[] words = Stream.concat(Stream.of(command.getFirst(), model), command.stream().skip(1))
                        .toArray(String[]::new);
                refused(model.equals(directory.toString()) ? "is a directory" : model, words);
                assertEquals(before, files(tmp), "nothing is written by " + command);
            }
        }
    }

    @Test
    void aSignalForTheoryIsNumbersAllOfThem() throws IOException {
        Path out = tmp.resolve("theory.html");
        for (String text : List.of("nan,1,2", "1,inf,2", "-Infinity 1 2", "1e999 1 2", "1 2 three")) {
            String file = Files.writeString(tmp.resolve("signal.txt"), text).toString();
            refused("expected a number", "theory", "--signal", file, "--out", out.toString());
        }
        refused("no text in UTF-8", "theory", "--signal", junk, "--out", out.toString());
        refused("has 0 values", "theory", "--signal", empty, "--out", out.toString());
        refused("is a directory", "theory", "--signal", tmp.toString(), "--out", out.toString());
        assertFalse(Files.exists(out));
        String head = Files.writeString(tmp.resolve("signal.txt"), "volts\n1\n2\n").toString();
        assertEquals(0, s4("", "theory", "--signal", head, "--out", out.toString()).code(),
                "a head of words may stand above");
    }

    @Test
    void aRecordingWithoutSamplesIsNothingToPredictFrom() throws IOException {
        Path data = tmp.resolve("data");
        for (int i = 0; i < 24; i++) {
            Path file = data.resolve((i % 2 == 0 ? "high" : "low") + "/" + i + ".wav");
            Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
            float[] x = new float[60];
            for (int t = 0; t < x.length; t++) {
                x[t] = (float) Math.sin(t * (i % 2 == 0 ? 1.5 : 0.3) + i);
            }
            WavFile.write(file, new Waveform(1000, x));
        }
        Said trained = s4("", "train", "pipeline=audio-classes", "dataset.path=" + data, "dataset.sample_rate=1000",
                "model=s4d", "model.d_model=4", "model.n_layers=1", "model.layer.d_state=4",
                "trainer.max_epochs=1", "trainer.device=cpu", "run.dir=" + tmp.resolve("run"));
        assertEquals(0, trained.code(), trained.err());
        String model = tmp.resolve("run/model.safetensors").toString();
        Path none = tmp.resolve("none.wav");
        WavFile.write(none, new Waveform(1000, new float[0]));
        refused("none.wav: no samples", "predict", model, "--input", none.toString());
        refused("expected -100 to 100 dB", "listen", model, "--evaluate", "10", "--snr", "NaN");
    }

    @Test
    void keptResultsAndRunsAreWhatTheyShouldBe() throws IOException {
        refused("the file is empty", "reproduce", "forecasting", "--kept", empty);
        refused("no text in UTF-8", "reproduce", "forecasting", "--kept", junk);
        refused("is a file; expected a directory", "reproduce", "forecasting", junk);
        Path runs = Files.createDirectories(tmp.resolve("runs/a"));
        Files.writeString(runs.resolve("config.yaml"), "train:\n  seed: 1\n");
        Files.writeString(runs.resolve("metrics.jsonl"), "{\"split\":3}\n");
        Said listed = s4("", "runs", "--dir", tmp.resolve("runs").toString());
        assertEquals(0, listed.code(), listed.err());
        assertTrue(
                listed.err().contains("metrics.jsonl.split is 3; expected a text") && listed.out().contains("0 runs"),
                "one that cannot be read hides no others: " + listed.err());
    }

    @Test
    void numbersThatMeanNothingAreRefusedBeforeTheWork() {
        refused("--keep 0 of --samples 10", "score-audio", values, "--classifier", values, "--keep", "0");
        refused("--max-restarts -1", "launch", "--workers", "2", "--max-restarts", "-1", "train", "pipeline=mnist");
        refused("--port 70000", "launch", "--workers", "2", "--port", "70000", "train", "pipeline=mnist");
        refused("keystore", "serve", values, "--port", "0", "--keystore", tmp.resolve("none").toString());
        refused("no checkpoint", "train", "train.ckpt=" + tmp.resolve("none"));
        refused("the file is empty", "import", empty, "--out", tmp.resolve("out").toString());
    }

    /** The last line is not a claim about what was not compared. */
    @Test
    void aModelOfOneFormIsNotSaidToAgree() throws IOException {
        String model = Commands.model(tmp.resolve("both.safetensors"), Map.of("d_input", 1, "d_output", 2, "l_max", 16,
                "encoder", "linear", "model", Map.of("_name_", "model", "d_model", 4, "n_layers", 1, "layer",
                        Map.of("_name_", "attention", "n_heads", 2, "causal", false)),
                "decoder", Map.of("mode", "pool")), Map.of()).toString();
        Said said = s4("", "verify", model, "--steps", "10");
        assertEquals(0, said.code(), said.err());
        assertEquals("verify: there was nothing to compare: the model has one form alone", said.lastLine());
    }
}
