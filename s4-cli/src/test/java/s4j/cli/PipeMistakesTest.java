package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.cli.Commands.s4;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.audio.WavFile;
import s4j.audio.Waveform;
import s4j.cli.Commands.Said;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;

/** {@code s4 generate} and {@code s4 stream} with damaged, foreign and missing input. */
final class PipeMistakesTest {
    private static final int WAV_HEADER = 44;

    @TempDir
    Path tmp;

    private Path state() { return tmp.resolve("state"); }

    private void requireRefusedState(String model, byte[] state, String words) throws IOException {
        Files.write(state(), state);
        Said said = s4("1,2\n", "stream", model, "--state", state().toString());
        assertEquals(2, said.code(), said.out());
        assertTrue(said.err().contains(state().toString()) && said.err().contains(words), said.err());
        assertFalse(said.err().contains("\tat "), said.err());
        assertEquals("", said.text(), "nothing is predicted");
        assertArrayEquals(state, Files.readAllBytes(state()), "the file stays");
    }

    @Test
    void aDamagedOrForeignStateIsRefusedAndKept() throws IOException {
        String model = Commands.values(tmp);
        assertEquals(0, s4("1,2\n", "stream", model, "--state", state().toString()).code());
        byte[] good = Files.readAllBytes(state());
        byte[] flipped = good.clone();
        flipped[good.length / 2] ^= 1;
        requireRefusedState(model, flipped, "its checksum does not fit");
        requireRefusedState(model, Arrays.copyOf(good, good.length - 1), "Name another file to start anew");
        requireRefusedState(model, new byte[0], "got 0 bytes; expected at least");
        byte[] newer = good.clone();
        newer[4]++;
        requireRefusedState(model, newer, "version 2");
        byte[] magic = good.clone();
        magic[0]++;
        requireRefusedState(model, magic, "expected the snapshot of a stream");
        ModelOptions options = ModelOptions.standard();
        requireRefusedState(model, S4Model.load(Path.of(model), options.atRate(2)).newSession().snapshot(),
                "Load the model file (and sampling rate) that it was taken with");
        Files.write(state(), good);
        assertEquals(0, s4("1,2\n", "stream", model, "--state", state().toString()).code(), "the good one goes on");
    }

    @Test
    void aStateOfAnotherModelOfTheSameShapeIsRefused() throws IOException {
        Path model = Path.of(Commands.values(tmp));
        byte[] foreign = S4Model.load(model).newSession().snapshot();
        ModelFile file = ModelFile.read(model);
        Map<String, TensorData> tensors = new java.util.LinkedHashMap<>(file.tensors());
        tensors.put("encoder.0.bias", TensorData.of(new float[8], 8));
        Path other = tmp.resolve("other.safetensors");
        new ModelFile(tensors, file.config(), file.provenance()).write(other);
        requireRefusedState(other.toString(), foreign, "it belongs to another model");
    }

    /** Attention keeps what it saw: its states are as long as their streams, and no two of one length. */
    @Test
    void aStateThatGrowsWithItsStreamGoesOn() throws IOException {
        String model = Commands.model(tmp.resolve("attends.safetensors"),
                Map.of("d_input", 2, "d_output", 3, "l_max", 64, "encoder", "linear", "model",
                        Map.of("_name_", "model", "d_model", 8, "n_layers", 1, "layer",
                                Map.of("_name_", "attention", "n_heads", 2)),
                        "decoder", Map.of("mode", "step")),
                Map.of()).toString();
        String whole = s4("1,2\n3,4\n5,6\n", "stream", model).text();
        StringBuilder parts = new StringBuilder();
        for (String line : new String[]{"1,2\n", "3,4\n", "5,6\n"}) {
            Said said = s4(line, "stream", model, "--state", state().toString());
            assertEquals(0, said.code(), said.err());
            parts.append(said.text());
        }
        assertEquals(whole, parts.toString());
        byte[] good = Files.readAllBytes(state());
        requireRefusedState(model, Arrays.copyOf(good, good.length - 4), "was it cut or changed? Name another file");
        requireRefusedState(Commands.values(tmp), good, "it belongs to another model");
    }

    @Test
    void aLineThatIsNoStepLosesNothingOfTheStepsBefore() throws IOException {
        String model = Commands.values(tmp);
        Said said = s4("1,2\nx,2\n", "stream", model, "--state", state().toString());
        assertEquals(2, said.code());
        assertEquals(1, S4Model.load(Path.of(model)).restore(Files.readAllBytes(state())).steps());
        Said nowhere = s4("", "stream", model, "--state", tmp.resolve("no").resolve("s").toString());
        assertTrue(nowhere.code() == 2 && nowhere.err().contains("there is no directory"), nowhere.err());
    }

    @Test
    void aLineWithoutEndIsRefusedLongBeforeMemoryEnds() throws IOException {
        Said said = s4("1,2\n" + "1".repeat(1 << 20), "stream", Commands.values(tmp));
        assertEquals(2, said.code());
        assertTrue(said.err().contains("line 2: longer than 4224 bytes; expected 2 numbers with commas between a line"),
                said.err());
        assertEquals(1, said.text().lines().count(), "what came before was answered");
        Said commas = s4(",".repeat(4000) + "\n", "stream", Commands.values(tmp));
        assertTrue(commas.code() == 2 && commas.err().contains("got 4001 columns"), commas.err());
    }

    @Test
    void whatIsNotFiniteInBinaryIsRefusedByItsPlace() throws IOException {
        byte[] nan = {0, 0, 0, 0, 0, 0, (byte) 0xc0, 0x7f};
        Said said = s4(nan, new java.io.ByteArrayOutputStream(), "stream", Commands.values(tmp), "--raw", "f32");
        assertTrue(said.code() == 2 && said.err().contains("step 1, value 2: got NaN"), said.err());
        Said header = s4("", "stream", Commands.values(tmp), "--raw", "f32", "--header");
        assertTrue(header.code() == 2 && header.err().contains("--header and --raw"), header.err());
    }

    private Path wav(int rate, int samples) throws IOException {
        float[] x = new float[samples];
        for (int t = 0; t < samples; t++) {
            x[t] = (float) (0.5 * Math.sin(0.05 * t * 44_100 / rate));
        }
        Path file = tmp.resolve("prefix.wav");
        WavFile.write(file, new Waveform(rate, x));
        return file;
    }

    @Test
    void aPrefixOfAnotherRateIsBroughtToTheModels() throws IOException {
        String sound = Commands.sound(tmp);
        Path out = tmp.resolve("out.wav");
        Said said = s4("", "generate", sound, "--prefix", wav(44_100, 4410).toString(), "--steps", "30", "--out",
                out.toString());
        assertEquals(0, said.code(), said.err());
        assertEquals(WAV_HEADER + 2 * (100 + 30), Files.size(out), "a tenth of a second at 1,000 samples a second");
        Said cut = s4("", "generate", sound, "--prefix", wav(44_100, 4410).toString(), "--prefix-seconds", "0.2",
                "--out",
                out.toString());
        assertTrue(cut.code() == 2 && cut.err().contains("--prefix-seconds 0.2") && cut.err().contains("0.10 s"),
                cut.err());
    }

    @Test
    void aMissingOrDamagedPrefixIsRefused() throws IOException {
        String sound = Commands.sound(tmp);
        Path file = tmp.resolve("p.wav");
        Said missing = s4("", "generate", sound, "--prefix", file.toString());
        assertTrue(missing.code() == 2 && missing.err().contains("no file " + file), missing.err());
        Files.write(file, Arrays.copyOf(Files.readAllBytes(wav(1000, 50)), 90));
        Said cut = s4("", "generate", sound, "--prefix", file.toString());
        assertTrue(cut.code() == 2 && cut.err().contains("p.wav: wav: got") && cut.err().contains("It is cut"),
                cut.err());
        Said alone = s4("", "generate", sound, "--prefix-seconds", "1");
        assertTrue(alone.code() == 2 && alone.err().contains("without --prefix"), alone.err());
    }

    @Test
    void aPrefixOfTokensIsCheckedWordByWord() throws IOException {
        String tokens = Commands.perStep(tmp.resolve("t.safetensors"), "embedding", 5, 5, Map.of()).toString();
        Path file = tmp.resolve("p.txt");
        Files.writeString(file, "1 4\n0");
        Said good = s4("", "generate", tokens, "--prefix", file.toString(), "--steps", "7");
        assertEquals(0, good.code(), good.err());
        assertEquals(10, good.text().lines().count(), "the prefix and seven more");
        assertTrue(good.text().startsWith("1\n4\n0\n"), good.text());
        for (String word : new String[]{"5", "-1", "x", "1e3", "99999999999"}) {
            Files.writeString(file, "1 " + word);
            Said bad = s4("", "generate", tokens, "--prefix", file.toString());
            assertTrue(
                    bad.code() == 2 && bad.err().contains("token 2: got " + word + "; expected a whole number from 0"),
                    bad.err());
        }
        Said seconds = s4("", "generate", tokens, "--seconds", "1");
        assertTrue(seconds.code() == 2 && seconds.err().contains("expected --steps"), seconds.err());
        Said report = s4("", "generate", tokens, "--report", tmp.resolve("r.html").toString());
        assertTrue(report.code() == 2 && report.err().contains("tokens are no sound"), report.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--samples 0|0 samples", "--steps 0|of 0 steps", "--steps 200000000|altogether at most",
            "--seconds 0|at least one sample", "--seconds NaN|at least one sample", "--seconds 1e12|at most",
            "--top-p 0|top-p 0.0", "--top-p 1.5|top-p 1.5", "--top-k -1|top-k -1", "--temperature NaN|temperature NaN"})
    void requestsThatMeanNothingAreRefusedBeforeAnythingIsWritten(String line) throws IOException {
        String[] parts = line.split("\\|", 2);
        String[] option = parts[0].split(" ", -1);
        Path out = tmp.resolve("out.wav");
        Said said = s4("", "generate", Commands.sound(tmp), option[0], option[1], "--out", out.toString());
        assertEquals(2, said.code(), said.out());
        assertTrue(said.err().contains(parts[1]), said.err());
        assertFalse(Files.exists(out));
    }

    @Test
    void soundThatDoesNotFitTheModelIsRefused() throws IOException {
        Path file = tmp.resolve("m.safetensors");
        Commands.perStep(file, "embedding", 5, 5, Map.of("data.start", TensorData.of(new long[]{5}, 1)));
        Said start = s4("", "generate", file.toString());
        assertTrue(start.code() == 2 && start.err().contains("start token 5; expected 0 to 4"), start.err());
        Commands.perStep(file, "embedding", 5, 5, Map.of("data.sample_rate", TensorData.of(new long[]{8000}, 1),
                "data.levels", TensorData.of(new float[]{-1, 0, 1}, 3)));
        Said levels = s4("", "generate", file.toString());
        assertTrue(levels.code() == 2 && levels.err().contains("data.levels has 3 levels"), levels.err());
    }
}
