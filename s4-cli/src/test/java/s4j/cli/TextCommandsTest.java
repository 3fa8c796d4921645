package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.cli.Commands.s4;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.cli.Commands.Said;
import s4j.io.ModelFile;
import s4j.train.Trained;
import s4j.train.config.ConfigLoader;

/** {@code s4 generate} of a model that says which text its tokens are. */
final class TextCommandsTest {
    private static final List<String> TOKENS = List.of("a", "bé", "\n", " ", "😀");

    @TempDir
    Path tmp;

    private String numbers = "";
    private String text = "";

    @BeforeEach
    void models() throws IOException {
        numbers = Commands.perStep(tmp.resolve("n.safetensors"), "embedding", 5, 5, Map.of()).toString();
        text = tmp.resolve("t.safetensors").toString();
        Said said = s4("", "export", numbers, "--vocabulary", vocabulary("[\"a\", \"bé\", \"\\n\", \" \", \"😀\"]"),
                "--out", text);
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().contains("with the text of 5 tokens"), said.out());
    }

    private String vocabulary(String json) throws IOException {
        return Files.writeString(tmp.resolve("tokens.json"), json).toString();
    }

    private static String utf8(Said said) { return new String(said.bytes(), StandardCharsets.UTF_8); }

    @Test
    void tokensAreWrittenAsTheirText() throws IOException {
        Said plain = s4("", "generate", numbers, "--steps", "40", "--seed", "3");
        StringBuilder expected = new StringBuilder();
        plain.text().lines().forEach(q -> expected.append(TOKENS.get(Integer.parseInt(q))));
        Said pipe = s4("", "generate", text, "--steps", "40", "--seed", "3", "--out", "-");
        assertEquals(0, pipe.code(), pipe.err());
        assertEquals(expected.toString(), utf8(pipe));
        assertTrue(pipe.err().startsWith(System.lineSeparator() + "generated 1 × 40 steps"), pipe.err());
        Path file = tmp.resolve("out.txt");
        Said said = s4("", "generate", text, "--steps", "40", "--seed", "3", "--samples", "2", "--out",
                file.toString());
        assertEquals(0, said.code(), said.err());
        List<String> both = List.of(Files.readString(tmp.resolve("out-1.txt")),
                Files.readString(tmp.resolve("out-2.txt")));
        assertTrue(both.contains(expected.toString()), () -> both + " has " + expected);
    }

    @Test
    void textIsWrittenWhileItIsGenerated() {
        int[] flushes = {0};
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public void flush() { flushes[0]++; }
        };
        Said said = s4(new byte[0], out, "generate", text, "--steps", "30");
        assertEquals(0, said.code(), said.err());
        assertEquals(31, flushes[0], "the prompt, and each step");
    }

    @Test
    void aPromptIsGoneOnFrom() throws IOException {
        Said prompt = s4("", "generate", text, "--prompt", "a bé\n😀", "--steps", "9");
        assertEquals(0, prompt.code(), prompt.err());
        assertTrue(utf8(prompt).startsWith("a bé\n😀"), utf8(prompt));
        Path file = Files.writeString(tmp.resolve("p.txt"), "a bé\n😀");
        assertEquals(utf8(prompt), utf8(s4("", "generate", text, "--prefix", file.toString(), "--steps", "9")));
        Files.writeString(file, "0 3 1\n2 4");
        StringBuilder same = new StringBuilder();
        s4("", "generate", numbers, "--prefix", file.toString(), "--steps", "9").text().lines()
                .forEach(q -> same.append(TOKENS.get(Integer.parseInt(q))));
        assertEquals(utf8(prompt), same.toString(), "the same tokens as numbers");
    }

    private static void fails(String reason, String... args) {
        Said said = s4("", args);
        assertEquals(2, said.code(), said.out() + said.err());
        assertTrue(said.err().contains(reason), said.err());
        assertFalse(said.err().contains("\tat "), said.err());
    }

    @Test
    void textOutsideTheVocabularyIsRefusedByItsPlace() throws IOException {
        fails("--prompt: no token of the model begins with \"x\" (U+0078) at character 3 (line 1, column 3)",
                "generate",
                text, "--prompt", "a x");
        Path file = Files.writeString(tmp.resolve("p.txt"), "a\n\tbé");
        fails("p.txt: no token of the model begins with \"\\t\" (U+0009) at character 3 (line 2, column 1)", "generate",
                text, "--prefix", file.toString());
        Files.write(file, new byte[]{'a', (byte) 0xff});
        fails("p.txt: no text in UTF-8", "generate", text, "--prefix", file.toString());
        fails("expected one of them", "generate", text, "--prefix", file.toString(), "--prompt", "a");
        fails("s4 export --vocabulary FILE gives it text", "generate", numbers, "--prompt", "a");
        fails("expected --prefix FILE.wav", "generate", Commands.sound(tmp), "--prompt", "a");
    }

    @Test
    void vocabulariesThatDoNotFitAreRefused() throws IOException {
        String out = tmp.resolve("no.safetensors").toString();
        fails("vocabulary has 1 tokens, the model gives scores of 5", "export", numbers, "--vocabulary",
                vocabulary("[\"a\"]"), "--out", out);
        fails("vocabulary[1] is 7; expected a string", "export", numbers, "--vocabulary", vocabulary("[\"a\", 7]"),
                "--out", out);
        fails("not valid JSON", "export", numbers, "--vocabulary", vocabulary("a\nb"), "--out", out);
        fails("values, not tokens", "export", Commands.values(tmp), "--vocabulary", vocabulary("[\"a\"]"), "--out",
                out);
        fails("one of --format, --weights and --vocabulary", "export", numbers, "--weights", "bf16", "--vocabulary",
                vocabulary("[\"a\"]"), "--out", out);
        assertFalse(Files.exists(Path.of(out)));
    }

    @Test
    void aVocabularyStaysWithSmallerWeightsAndIsNoKeyOfTraining() throws IOException {
        String small = tmp.resolve("small.safetensors").toString();
        assertEquals(0, s4("", "export", text, "--weights", "bf16", "--out", small).code());
        Said said = s4("", "generate", small, "--prompt", "a bé", "--steps", "5");
        assertEquals(0, said.code(), said.err());
        assertTrue(utf8(said).startsWith("a bé"), utf8(said));
        Trained trained = Trained.of(ModelFile.read(Path.of(text)), text);
        assertNull(trained.config().find("vocabulary"));
        assertEquals(5, trained.network().dOutput());
        ConfigLoader.usual(List.of()).override(trained.config(), List.of("loader.batch_size=3"));
    }

    @Test
    void generationEndsAtAText() throws IOException {
        String all = utf8(s4("", "generate", text, "--steps", "200"));
        String stop = "bé";
        String ended = utf8(s4("", "generate", text, "--steps", "200", "--stop", "no such", "--stop", stop));
        String until = all.substring(0, all.indexOf(stop) + stop.length());
        assertTrue(all.startsWith(ended) && ended.startsWith(until) && ended.length() < until.length() + 2,
                ended + " ends at " + stop);
        fails("expected at least one character", "generate", text, "--stop", "");
        fails("with 2 samples", "generate", text, "--stop", "a", "--samples", "2", "--out",
                tmp.resolve("two.txt").toString());
        fails("s4 export --vocabulary FILE gives it", "generate", numbers, "--stop", "a");
    }

    @Test
    void aDocumentGoesOnTomorrow() throws IOException {
        String state = tmp.resolve("state").toString();
        String whole = utf8(s4("", "generate", text, "--steps", "40", "--temperature", "0", "--prompt", "a bé"))
                .stripTrailing();
        String first = utf8(s4("", "generate", text, "--steps", "15", "--temperature", "0", "--prompt", "a bé",
                "--state", state)).stripTrailing();
        Said second = s4("", "generate", text, "--steps", "25", "--temperature", "0", "--state", state);
        assertTrue(second.err().contains("state after 43 tokens"), second.err());
        assertEquals(whole.replaceAll("\\s", ""), (first + utf8(second)).replaceAll("\\s", ""));
        fails("expected one sample", "generate", text, "--state", state, "--samples", "2", "--out",
                tmp.resolve("two.txt").toString());
        fails("it belongs to another model", "generate", Commands.sound(tmp), "--state", state);
        // of this model the last token could be none: that is not what is wrong
        fails("it belongs to another model", "generate", Commands.perStep(tmp.resolve("two.safetensors"), "embedding",
                2, 2, Map.of()).toString(), "--state", state);
        Files.writeString(Path.of(state), "something else");
        fails("no state of s4 generate", "generate", text, "--state", state);
    }
}
