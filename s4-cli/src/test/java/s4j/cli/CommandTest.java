package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.data.MnistConfig;
import s4j.io.ModelFile;
import s4j.io.SafeTensors;
import s4j.torch.Learner;
import s4j.train.LearnerFactory;
import s4j.train.fake.FakeData;
import s4j.train.fake.FakeLearner;
import s4j.train.fake.StoppingLearner;

/** The command in this process, with stand-ins for libtorch and the data. */
final class CommandTest {
    private static final String[] TINY = {"train", "pipeline=mnist", "model=s4d", "trainer.max_epochs=2",
            "loader.batch_size=10", "scheduler.num_warmup_steps=5"};

    @TempDir
    Path tmp;

    /** What a command said and its exit code. */
    private record Said(int code, String out, String err) {
        String lastLine() { return out.strip().lines().reduce((a, b) -> b).orElse(""); }
    }

    private Said s4(LearnerFactory learners, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Parts parts = new Parts(learners,
                (config, log) -> config instanceof MnistConfig ? new FakeData() : config.load(log),
                (directory, kinds) -> new Parts.ParityResult("parity: 1 of 2 cases, 3 tensors\n",
                        kinds.equals(Set.of("a", "b"))));
        int code = S4.commandLine(parts, new PrintWriter(out), new PrintWriter(err)).execute(args);
        return new Said(code, out.toString(), err.toString());
    }

    private Said s4(String... args) { return s4(FakeLearner::new, args); }

    private String[] train(Path run, String... more) {
        List<String> args = new ArrayList<>(List.of(TINY));
        args.add("run.dir=" + run);
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    @Test
    void trainAndEvalEndWithTheSameTestAccuracy() {
        Said train = s4(train(tmp));
        assertEquals(0, train.code(), train.err());
        assertTrue(train.lastLine().matches("test accuracy: (0\\.[0-9]{4}|1\\.0000)"), train.out());
        Said eval = s4("eval", tmp.resolve("model.safetensors").toString());
        assertEquals(0, eval.code(), eval.err());
        assertEquals(train.lastLine(), eval.lastLine());
    }

    @Test
    void aStoppedRunContinuesWithoutRepeatingItsWords() throws IOException {
        Path whole = tmp.resolve("whole");
        Path cut = tmp.resolve("cut");
        assertEquals(0, s4(train(whole)).code());
        LearnerFactory failing = (n, o) -> new StoppingLearner(new FakeLearner(n, o), 13, () -> {
            throw new Learner.NonFiniteException("gradient of decoder.weight is NaN");
        });
        Said diverged = s4(failing, train(cut, "trainer.checkpoint_every_n_steps=5"));
        assertEquals(1, diverged.code(), diverged.out());
        assertTrue(diverged.err().contains("step 13") && diverged.err().contains("(step 10)"), diverged.err());
        assertFalse(diverged.err().contains("\tat "), diverged.err());
        assertEquals(2, diverged.err().split("Lower optimizer.lr", -1).length, "the advice stands there once");
        requireOneSentenceAfterTheOther(diverged.err());
        Said resumed = s4("train", "--resume", "run.dir=" + cut);
        assertEquals(0, resumed.code(), resumed.err());
        assertTrue(resumed.out().contains("continuing at epoch 1, batch 10"), resumed.out());
        assertEquals(Files.readString(whole.resolve("metrics.csv")), Files.readString(cut.resolve("metrics.csv")));
        assertEquals(ModelFile.read(whole.resolve("model.safetensors")).tensors(),
                ModelFile.read(cut.resolve("model.safetensors")).tensors());
    }

    @Test
    void printConfigShowsEveryKeyAndTrainsNothing() {
        Said said = s4(train(tmp.resolve("run"), "--print-config"));
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().contains("d_state: 32") && said.out().contains("max_epochs: 2"), said.out());
        assertFalse(Files.exists(tmp.resolve("run")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"train pipeline=mnist model.layer.d_sate=4|did you mean d_state?",
            "train pipeline=mnits|did you mean mnist?", "train pipeline=mnist optimizer.lr=fast|optimizer.lr",
            "train pipeline=mnist trainer.max_epochs=0|trainer.max_epochs", "train --resume|run.dir=PATH",
            "train --resume run.dir=nowhere|no checkpoint", "train train.ckpt=nowhere|no checkpoint nowhere",
            "train pipeline=mnist --config-dir nowhere|--config-dir nowhere", "train --resum|Unknown option",
            "eval nowhere.safetensors|no file nowhere.safetensors", "eval m model.d_model=3|eval cannot change",
            "bench --only mamba|no work matches", "bench --only [|is no regular expression",
            "bench --rounds 2|at least 5",
            "bench --jmh Scan|comes first", "bench --backend fast|kernel.backend",
            "bench --out no/where|create it first",
            "bench --official nowhere|models/s4/s4.py; expected a checkout",
            "bench --json nowhere/x.json|no directory", "eval|Missing required parameter",
            "parity nowhere|no directory nowhere", "trian|Did you mean",
            "data|Missing required parameter", "data seires|series", "data series|dataset.path: got null",
            "data series pth=x|did you mean path?", "data series path=nowhere|nothing at nowhere",
            "data series dataset.url=x dataset.query=y|dataset.url: got x",
            "data series url=jdbc:nothing: query=x|no JDBC driver for jdbc:nothing:",
            "train pipeline=mnist decoder.mode=ragged|decoder.mode: got ragged",
            "train pipeline=mnist decoder.mode=step|decoder.mode: got step",
            "train pipeline=mnist model.d_model=[.nan]|model.d_model",
            "train pipeline=mnist model={d_model:[.inf]}|model",
            "train pipeline=mnist model.layer.lr={A:.nan}|model.layer.lr",
            "train pipeline=mnist optimizer.betas=[.nan,0.9]|betas",
            "train pipeline=mnist model.layer.real_scale=-1|real_scale",
            "train pipeline=mnist optimizer.lr=1e38|optimizer.lr",
            "eval nowhere.safetensors --predictions nowhere/p.csv|there is no directory",
            "|no command"})
    void mistakesOfUsersAreExplainedWithoutAStackTrace(String line) {
        String[] parts = line.split("\\|", 2);
        Said said = s4(parts[0].isEmpty() ? new String[0] : parts[0].split(" ", -1));
        assertEquals(2, said.code(), said.out() + said.err());
        assertTrue(said.err().contains(parts[1]), said.err());
        assertFalse(said.err().contains("\tat "), said.err());
        requireOneSentenceAfterTheOther(said.err());
    }

    /** What a message takes over from another one does not stumble: no two full stops, no empty part, no "got" twice. */
    private static void requireOneSentenceAfterTheOther(String message) {
        assertFalse(
                message.matches(
                        "(?s).*((?<!\\.)\\.\\.(?![./])|\\. \\.|[;:,] ?[.;](\\s|$)|got got|got begins| null\\.).*"),
                message);
    }

    @Test
    void aDecoderThatFitsNothingIsRefusedBeforeTheDataIsRead() {
        for (String word : List.of("decoder.mode=ragged", "decoder.mode=step")) {
            StringWriter err = new StringWriter();
            Parts parts = new Parts(FakeLearner::new, (config, log) -> {
                throw new AssertionError("data was asked for");
            }, (directory, kinds) -> new Parts.ParityResult("", false));
            int code = S4.commandLine(parts, new PrintWriter(new StringWriter()), new PrintWriter(err)).execute("train",
                    "pipeline=mnist", word, "run.dir=" + tmp.resolve("run"));
            assertEquals(2, code);
            assertTrue(err.toString().contains("decoder.mode: got "), err.toString());
        }
    }

    /** NUL ends a path for the operating system, half a surrogate pair is no character: neither is a file name. */
    @Test
    void whatIsNoPathIsRefusedInEveryCommand() {
        for (String path : List.of("a\0b", "a\ud800b", "\udc00")) {
            for (List<String> command : List.of(List.of("eval", path), List.of("verify", path), List.of("stream", path),
                    List.of("generate", path), List.of("export", path, "--format", "npz", "--out", "x"),
                    List.of("import", path, "--out", "x"), List.of("predict", path, "--input", "x"),
                    List.of("train", "pipeline=mnist", "run.dir=" + path),
                    List.of("train", "--resume", "run.dir=" + path),
                    List.of("train", "train.ckpt=" + path), List.of("parity", path),
                    List.of("data", "series", "path=" + path),
                    List.of("data", "mnist", "--html", path), List.of("bench", "--json", path))) {
                Said said = s4(command.toArray(String[]::new));
                assertEquals(2, said.code(), command + said.err() + said.out());
                assertFalse(said.err().contains("\tat ") || said.err().contains("a fault in s4j"),
                        command + said.err());
            }
        }
    }

    @Test
    void absurdKeysAreRefusedAtOnce() {
        for (String word : List.of("a" + ".".repeat(60_000) + "b=1", ".".repeat(60_000) + "=1",
                "a.".repeat(30_000) + "b=1",
                "model" + ".x".repeat(30_000) + "=1", "~" + ".".repeat(60_000), "+" + ".".repeat(60_000) + "=1",
                "model.d_model=" + "[".repeat(60_000), "model.d_model=" + "{a:".repeat(20_000))) {
            Said said = s4("train", "pipeline=mnist", word);
            assertEquals(2, said.code(), said.err());
            assertFalse(said.err().contains("\tat "), said.err());
            assertTrue(said.err().length() < 4_000, "a message of " + said.err().length() + " characters");
        }
    }

    @Test
    void memoryAndStackAtTheirEndAreMessages() {
        for (Error end : List.of(new OutOfMemoryError("Java heap space"), new StackOverflowError())) {
            StringWriter err = new StringWriter();
            Parts parts = new Parts(FakeLearner::new, (config, log) -> {
                throw end;
            }, (directory, kinds) -> new Parts.ParityResult("", false));
            int code = S4.commandLine(parts, new PrintWriter(new StringWriter()), new PrintWriter(err)).execute("data",
                    "mnist");
            assertEquals(2, code);
            assertTrue(err.toString().startsWith("s4: out of ") && !err.toString().contains("\tat "), err.toString());
        }
    }

    @Test
    void aRunThatWasKilledBeforeItsFirstCheckpointSaysHowToGoOn() throws IOException {
        Path run = tmp.resolve("killed");
        Files.createDirectories(run.resolve("checkpoints"));
        Files.createFile(run.resolve("checkpoints/.lock"));
        Files.writeString(run.resolve("config.yaml"), "train:\n");
        Said resumed = s4("train", "--resume", "run.dir=" + run);
        assertTrue(
                resumed.code() == 2 && resumed.err().contains("Start it again with the same words, without --resume"),
                resumed.err());
        assertEquals(0, s4(train(run)).code(), "as it says");
    }

    /** Every byte of the header and some of the rest: the checkpoint, or where it lies, is named. */
    @Test
    void damagedCheckpointsAreTheUsersToReplace() throws IOException {
        Path run = tmp.resolve("run");
        assertEquals(0, s4(train(run)).code());
        Path last = run.resolve("checkpoints/last.safetensors");
        byte[] good = Files.readAllBytes(last);
        for (int seed = 0; seed < 300; seed++) {
            java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
            byte[] bad = seed % 2 == 0
                    ? s4j.testkit.Hostile.mutated(good, new byte[]{'"', '{', '}', ',', '0', '9', '-', '['}, random)
                    : good.clone();
            bad[random.nextInt(Math.min(bad.length, 3_000))] ^= (byte) (1 << random.nextInt(8));
            Files.write(last, bad);
            Said said = s4("train", "--resume", "run.dir=" + run);
            assertTrue(said.code() == 2 || said.code() == 0, "seed " + seed + ": " + said.code() + " " + said.err());
            assertFalse(said.err().contains("\tat "), "seed " + seed + ": " + said.err());
            Files.write(last, good);
        }
    }

    @Test
    void damagedFilesAreExplained() throws IOException {
        Path file = tmp.resolve("m.safetensors");
        Files.writeString(file, "not a model");
        Said garbage = s4("eval", file.toString());
        assertEquals(2, garbage.code());
        assertTrue(garbage.err().contains("m.safetensors"), garbage.err());
        new SafeTensors(java.util.Map.of(), java.util.Map.of("s4j.format", "99")).write(file);
        Said version = s4("eval", file.toString());
        assertEquals(2, version.code());
        assertTrue(version.err().contains("version 99"), version.err());
        Said trace = s4("eval", file.toString(), "--stacktrace");
        assertTrue(trace.err().contains("\tat "), "asked for");
    }

    @Test
    void aReadOnlyPlaceIsRefusedBeforeTraining() throws IOException {
        Path file = Files.createFile(tmp.resolve("file"));
        Said said = s4(train(file.resolve("run")));
        assertEquals(2, said.code());
        assertTrue(said.err().contains("cannot write in run.dir="), said.err());
        assertFalse(said.out().contains("epoch"), said.out());
    }

    @Test
    void parityFailsUnlessEveryCasePasses() {
        Said passed = s4("parity", tmp.toString(), "--kinds", "a,b");
        assertEquals(0, passed.code(), passed.err());
        assertEquals("parity: 1 of 2 cases, 3 tensors", passed.lastLine());
        assertEquals(1, s4("parity", tmp.toString()).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "data --help", "train --help", "eval --help", "generate --help", "stream --help",
            "import --help", "export --help", "parity --help", "verify --help",
            "bench --help"})
    void helpHasExamples(String line) {
        Said said = s4(line.split(" ", -1));
        assertEquals(0, said.code());
        assertTrue(said.out().contains("Examples:") && said.out().contains("  s4 "), said.out());
    }

    @Test
    void versionIsThatOfTheBuild() {
        Said said = s4("--version");
        assertEquals(0, said.code());
        assertTrue(said.out().matches("(?s)s4j [0-9]+\\.[0-9]+\\.[0-9]+.*"), said.out());
    }
}
