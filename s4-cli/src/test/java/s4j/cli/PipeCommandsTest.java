package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.cli.Commands.s4;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.cli.Commands.Said;
import s4j.io.ModelFile;
import s4j.stream.S4Model;
import s4j.stream.Session;

/** {@code s4 generate} and {@code s4 stream} from command line to bytes, with untrained models. */
final class PipeCommandsTest {
    private static final int WAV_HEADER = 44;

    @TempDir
    Path tmp;

    private String sound() throws IOException { return Commands.sound(tmp); }

    private String values() throws IOException { return Commands.values(tmp); }

    @Test
    void theRawStreamIsTheWavsData() throws IOException {
        String model = sound();
        Path wav = tmp.resolve("a.wav");
        Said file = s4("", "generate", model, "--seconds", "0.3", "--seed", "7", "--out", wav.toString());
        assertEquals(0, file.code(), file.err());
        assertTrue(file.out().contains("log-likelihood -") && file.out().contains("× real time"), file.out());
        Said pipe = s4("", "generate", model, "--steps", "300", "--seed", "7", "--out", "-");
        assertEquals(0, pipe.code(), pipe.err());
        assertEquals("", pipe.out());
        byte[] bytes = Files.readAllBytes(wav);
        assertArrayEquals(Arrays.copyOfRange(bytes, WAV_HEADER, bytes.length), pipe.bytes());
        Path next = tmp.resolve("b.wav");
        Path page = tmp.resolve("b.html");
        Said more = s4("", "generate", model, "--samples", "2", "--steps", "50", "--prefix", wav.toString(),
                "--prefix-seconds", "0.1", "--out", next.toString(), "--report", page.toString());
        assertEquals(0, more.code(), more.err());
        assertEquals(WAV_HEADER + 2 * 150, Files.size(tmp.resolve("b-2.wav")));
        assertTrue(Files.readString(page).contains("<svg") && Files.readString(page).contains("audio/wav"));
    }

    @Test
    void aLineOfCsvIsAStepOfASession() throws IOException {
        String model = values();
        Session session = S4Model.load(Path.of(model)).newSession();
        String expected = "y1,y2,y3\n" + csv(session.step(0.5f, -1)) + csv(session.step(2, 3e-1f));
        Said said = s4("a,b\n0.5, -1\n\n2,3e-1", "stream", model, "--header");
        assertEquals(0, said.code(), said.err());
        assertEquals(expected, said.text());
        assertEquals(expected.substring(9), s4("2,-2\r\n5,3.2\n", "stream", model, "--normalize").text());
    }

    private static String csv(float[] y) { return y[0] + "," + y[1] + "," + y[2] + "\n"; }

    @Test
    void aStreamGoesOnFromItsStateAndBinaryHasTheSameBits() throws IOException {
        String model = values();
        String state = tmp.resolve("state").toString();
        String whole = s4("1,2\n3,4\n5,6\n", "stream", model).text();
        String first = s4("1,2\n3,4\n", "stream", model, "--state", state).text();
        assertEquals(whole, first + s4("5,6\n", "stream", model, "--state", state).text());
        ByteBuffer in = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        in.asFloatBuffer().put(new float[]{1, 2, 3, 4, 5, 6});
        Said raw = s4(in.array(), new ByteArrayOutputStream(), "stream", model, "--raw", "f32");
        float[] y = new float[9];
        ByteBuffer.wrap(raw.bytes()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(y);
        assertEquals(whole, csv(y) + csv(Arrays.copyOfRange(y, 3, 6)) + csv(Arrays.copyOfRange(y, 6, 9)));
        Said cut = s4(new byte[13], new ByteArrayOutputStream(), "stream", model, "--raw", "s16");
        assertEquals(2, cut.code());
        assertEquals(36, cut.bytes().length);
        assertTrue(cut.err().contains("ends with 1 bytes after step 3"), cut.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1|line 2: got 1 columns; expected 2", "1,NaN|line 2, column 2: got 'NaN'",
            "1,x|column 2: got 'x'", "1,2,3|got 3 columns", "1,1e999|column 2"})
    void aMalformedLineIsExplained(String line) throws IOException {
        String[] parts = line.split("\\|", 2);
        Said said = s4("1,2\n" + parts[0] + "\n", "stream", values());
        assertEquals(2, said.code());
        assertTrue(said.err().contains(parts[1]), said.err());
        assertEquals(1, said.text().lines().count(), "what came before was answered");
    }

    @Test
    void aReaderThatHasGoneIsNoFailure() throws IOException {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException { throw new IOException("Broken pipe"); }
        };
        assertEquals(0, s4("1,2\n".getBytes(StandardCharsets.US_ASCII), gone, "stream", values()).code());
        assertEquals(0, s4(new byte[0], gone, "generate", sound(), "--out", "-").code());
    }

    @Test
    void whatCannotGenerateIsRefused() throws IOException {
        Said values = s4("", "generate", values());
        assertEquals(2, values.code());
        assertTrue(values.err().contains("Use s4 stream"), values.err());
        String sound = sound();
        assertEquals(2, s4("", "generate", sound, "--samples", "2", "--out", "-").code());
        assertEquals(2, s4("", "generate", sound, "--temperature", "-1").code());
        assertEquals(2, s4("", "generate", sound, "--out", tmp.resolve("no/x.wav").toString()).code());
        assertEquals(2, s4("", "stream", sound, "--normalize").code());
        Said token = s4("256\n", "stream", sound);
        assertTrue(token.code() == 2 && token.err().contains("line 1: token 256"), token.err());
    }

    @Test
    void probabilitiesAreTheSoftmaxOfTheOutputs() throws IOException {
        String model = Commands.values(tmp);
        String[] scores = s4("1,2\n", "stream", model).text().strip().split(",", -1);
        String[] shown = s4("1,2\n", "stream", model, "--probabilities").text().strip().split(",", -1);
        double sum = 0;
        for (String score : scores) {
            sum += Math.exp(Double.parseDouble(score));
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(Math.exp(Double.parseDouble(scores[i])) / sum, Double.parseDouble(shown[i]), 1e-6);
        }
    }

    /** A model of two values and so many outputs whose file says what it has learned. */
    private String learned(int outputs, Map<String, Object> loss, Map<String, Object> targets) throws IOException {
        ModelFile plain = ModelFile.read(Commands.perStep(tmp.resolve("plain.safetensors"), "linear", 2, outputs,
                Map.of()));
        Map<String, Object> config = new java.util.LinkedHashMap<>();
        config.put("network", java.util.Objects.requireNonNull(plain.config().get("network")));
        if (!loss.isEmpty()) {
            config.put("task", Map.of("loss", loss));
        }
        config.put("targets", targets);
        Path out = tmp.resolve("learned.safetensors");
        new ModelFile(plain.tensors(), config, Map.of()).write(out);
        return out.toString();
    }

    @Test
    void probabilitiesAreThoseOfTheTasksLossUnderTheNamesOfTheClasses() throws IOException {
        String two = learned(1, Map.of("_name_", "binary_cross_entropy"),
                Map.of("_name_", "classes", "names", List.of("no, never", "yes")));
        double logit = Double.parseDouble(s4("1,2\n", "stream", two).text().strip());
        String[] shown = s4("a,b\n1,2\n", "stream", two, "--probabilities", "--header").text().split("\n", -1);
        assertEquals("\"no, never\",yes", shown[0]);
        double yes = Double.parseDouble(shown[1].split(",", -1)[1]);
        assertEquals(1 / (1 + Math.exp(-logit)), yes, 1e-6);
        assertEquals(1 - yes, Double.parseDouble(shown[1].split(",", -1)[0]), 1e-6);
        String three = learned(3, Map.of("_name_", "cross_entropy"),
                Map.of("_name_", "classes", "names", List.of("a", "b", "c")));
        assertTrue(s4("a,b\n", "stream", three, "--probabilities", "--header").text().startsWith("a,b,c\n"));
    }

    @Test
    void numbersAndASingleOutputOfUnknownMeaningHaveNoProbabilities() throws IOException {
        Map<String, Object> values = Map.of("_name_", "values", "steps", 1, "names", List.of("v"), "mean", List.of(0.0),
                "std", List.of(1.0));
        Said numbers = s4("1,2\n", "stream", learned(1, Map.of("_name_", "mse"), values), "--probabilities");
        assertTrue(numbers.code() == 2 && numbers.err().contains("predicts numbers (task.loss=mse)"), numbers.err());
        assertEquals("", numbers.text());
        Path one = Commands.perStep(tmp.resolve("one.safetensors"), "linear", 2, 1, Map.of());
        Said unknown = s4("1,2\n", "stream", one.toString(), "--probabilities");
        assertTrue(unknown.code() == 2 && unknown.err().contains("does not say what it means"), unknown.err());
    }
}
