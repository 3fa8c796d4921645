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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import s4j.cli.DocumentedCommands.Documented;
import s4j.config.ConfigException;
import s4j.train.compare.Plan;
import s4j.train.compare.SweepPlan;
import s4j.train.config.ConfigLoader;
import s4j.train.config.OfficialWords;

/** What README.md and docs/ tell readers to type is what the command takes. */
final class DocumentedCommandsTest {
    private static final Path ROOT = Path.of("..");

    @TempDir
    Path tmp = Path.of("");

    @Test
    void everyCommandInTheDocsIsOneThatTheCommandLineTakes() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<Documented> all = DocumentedCommands.all(ROOT);
        for (Documented c : all) {
            CommandLine line = S4.commandLine(Parts.standard(), new PrintWriter(new StringWriter()),
                    new PrintWriter(new StringWriter()));
            try {
                line.parseArgs(c.words().toArray(String[]::new));
            } catch (MissingParameterException e) {
                if (c.whole()) {
                    wrong.add(c + ": " + e.getMessage());
                }
            } catch (ParameterException e) {
                wrong.add(c + ": " + e.getMessage());
            }
        }
        assertEquals("", String.join("\n", wrong));
        assertTrue(all.size() > 150, all.size() + " commands found");
    }

    @Test
    void everyKeyInThemIsOneThatTheConfigurationHas() throws IOException {
        List<String> wrong = new ArrayList<>();
        int composed = 0;
        for (Documented c : DocumentedCommands.all(ROOT)) {
            for (List<String> words : c.foreign() ? List.<List<String>>of() : trainings(c.words())) {
                composed++;
                try {
                    ConfigLoader.usual(List.of()).load(OfficialWords.translate(words, line -> {}));
                    if (!c.error().isEmpty()) {
                        wrong.add(c + ": composes; expected " + c.error());
                    }
                } catch (ConfigException | IllegalArgumentException e) {
                    if (!String.valueOf(e.getMessage()).equals(c.error())) {
                        wrong.add(c + ": " + e.getMessage());
                    }
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
        assertTrue(composed > 100, composed + " configurations composed");
    }

    /** Words of the trainings that a command would do; none: it does none, or none that its words alone tell. */
    private static List<List<String>> trainings(List<String> words) {
        List<String> rest = words.stream().skip(1).filter(w -> !w.startsWith("-")).toList();
        return switch (words.getFirst()) {
            case "train" -> words.contains("--resume") || words.contains("--help") || rest.isEmpty()
                    ? List.of()
                    : List.of(rest);
            case "launch" -> {
                int train = words.indexOf("train");
                yield train < 0 || train + 1 == words.size()
                        ? List.of()
                        : List.of(words.subList(train + 1, words.size()));
            }
            case "compare" -> rest.isEmpty()
                    ? List.of()
                    : Plan.of(rest).models().stream().map(m -> with(Plan.of(rest).training(), "model=" + m)).toList();
            case "sweep" -> swept(SweepPlan.of(rest));
            case "data" -> rest.isEmpty() || rest.getFirst().equals("DATASET")
                    ? List.of()
                    : List.of(with(rest.stream().skip(1).map(w -> "dataset." + w).toList(),
                            "dataset=" + rest.getFirst()));
            default -> List.of();
        };
    }

    private static List<List<String>> swept(SweepPlan plan) {
        List<String> words = new ArrayList<>(plan.words());
        for (Map.Entry<String, List<String>> axis : plan.axes().entrySet()) {
            words.add(axis.getKey() + "=" + axis.getValue().getLast());
        }
        return List.of(words);
    }

    private static List<String> with(List<String> words, String more) {
        List<String> out = new ArrayList<>(words);
        out.add(more);
        return out;
    }

    @Test
    void thoseThatTakeSecondsDoWhatTheyAreSaidToDo() throws IOException {
        String model = Commands.values(tmp);
        String html = tmp.resolve("x.html").toString();
        String runs = Files.createDirectory(tmp.resolve("runs")).toString();
        for (List<String> words : List.of(List.of("train", "pipeline=mnist", "model=s4", "--print-config"),
                List.of("train", "--help"), List.of("bench", "--list"), List.of("runs", "--dir", runs),
                List.of("theory", "--out", html), List.of("verify", model, "--steps", "300"),
                List.of("inspect", model, "--html", html),
                List.of("export", model, "--format", "onnx", "--out", tmp.resolve("m.onnx").toString()),
                List.of("export", model, "--format", "npz", "--out", tmp.resolve("w.npz").toString()))) {
            Commands.Said said = Commands.s4("", words.toArray(String[]::new));
            assertEquals(0, said.code(), words + ": " + said.err());
        }
    }
}
