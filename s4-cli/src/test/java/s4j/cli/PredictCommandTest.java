package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.cli.Commands.Said;

/** A model trained on a person's own table, then asked about new series from its file alone. */
final class PredictCommandTest {
    @TempDir
    static Path tmp = Path.of("");

    private static Path classifier = Path.of("");
    private static Path regression = Path.of("");

    private static Said s4(String... args) { return Commands.s4(new byte[0], new ByteArrayOutputStream(), args); }

    /** Series of 8 steps that rise ("up, fast") or fall ("down"); or the slope as a number. */
    private static Path table(String name, boolean numbers, boolean target, int n) throws IOException {
        SplittableRandom random = new SplittableRandom(n);
        StringBuilder out = new StringBuilder(target ? "kind," : "").append("t0,t1,t2,t3,t4,t5,t6,t7");
        for (int i = 0; i < n; i++) {
            double slope = (i % 2 == 0 ? 1 : -1) * (1 + 0.2 * random.nextDouble());
            String label = numbers
                    ? String.format(Locale.ROOT, "%.3f", 50 * slope)
                    : slope > 0 ? "\"up, fast\"" : "down";
            out.append('\n').append(target ? label + "," : "");
            for (int t = 0; t < 8; t++) {
                out.append(t == 0 ? "" : ",").append(String.format(Locale.ROOT, "%.4f", slope * t
                        + 0.1 * random.nextGaussian()));
            }
        }
        return Files.writeString(tmp.resolve(name), out.append('\n'));
    }

    private static Path train(String name, Path table) {
        Path run = tmp.resolve(name);
        Said said = s4("train", "dataset=series", "dataset.path=" + table, "dataset.target=kind", "model=s4d",
                "model.d_model=8", "model.n_layers=1", "model.layer.d_state=8", "trainer.max_epochs=6",
                "loader.batch_size=8", "optimizer.lr=0.02", "trainer.threads=1", "run.dir=" + run);
        assertEquals(0, said.code(), said.err());
        return run.resolve("model.safetensors");
    }

    @BeforeAll
    static void train() throws IOException {
        classifier = train("classes", table("classes.csv", false, true, 60));
        regression = train("numbers", table("numbers.csv", true, true, 60));
    }

    @Test
    void classesHaveTheirNamesAndProbabilities() throws IOException {
        Path input = table("new.csv", false, true, 100); // more than one batch
        Said said = s4("predict", classifier.toString(), "--input", input.toString());
        assertEquals(0, said.code(), said.err());
        List<String> lines = said.text().lines().toList();
        assertEquals("row,target,predicted,p_down,\"p_up, fast\"", lines.getFirst());
        assertEquals(101, lines.size());
        assertTrue(lines.get(1).startsWith("1,\"up, fast\",") && lines.get(100).startsWith("100,down,"), said.text());
        assertTrue(said.err().matches("(?s).*[0-9]+ of 100 as the target column says: accuracy [01]\\.[0-9]{4}\\R"),
                said.err());
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",(?=[0-9.]+(,|$))", -1);
            double sum = Double.parseDouble(cells[cells.length - 1]) + Double.parseDouble(cells[cells.length - 2]);
            assertEquals(1, sum, 2e-6, line);
        }
    }

    @Test
    void predictionsAreThoseOfEval() throws IOException {
        Path table = tmp.resolve("classes.csv");
        Path csv = tmp.resolve("eval.csv");
        Said eval = s4("eval", classifier.toString(), "dataset.path=" + table, "--predictions", csv.toString());
        assertEquals(0, eval.code(), eval.err());
        // the test series of eval, as a table of their own, are among those that predict sees
        Said all = s4("predict", classifier.toString(), "--input", table.toString());
        long right = all.text().lines().skip(1)
                .filter(l -> l.contains("\"up, fast\",\"up, fast\"") || l.contains("down,down"))
                .count();
        String accuracy = eval.lastLine().replace("test accuracy: ", "");
        assertTrue(right >= 60 * Double.parseDouble(accuracy) - 48 && right <= 60, right + " of 60, eval " + accuracy);
    }

    @Test
    void linesOfJsonSayTheSame() throws IOException {
        Path input = table("three.csv", false, false, 3);
        Path out = tmp.resolve("three.jsonl");
        Said said = s4("predict", classifier.toString(), "--input", input.toString(), "--out", out.toString());
        assertEquals(0, said.code(), said.err());
        List<String> lines = Files.readAllLines(out);
        assertEquals(3, lines.size());
        for (String line : lines) {
            assertTrue(line.matches("\\{\"row\":[123],\"predicted\":\"(up, fast|down)\",\"probabilities\":"
                    + "\\{\"down\":[0-9.E-]+,\"up, fast\":[0-9.E-]+}}"), line);
        }
        String csv = s4("predict", classifier.toString(), "--input", input.toString()).text();
        assertEquals("row,predicted,p_down,\"p_up, fast\"", Objects.requireNonNull(csv.lines().findFirst().orElse("")));
    }

    @Test
    void numbersComeInTheirOwnUnit() throws IOException {
        Path input = table("slopes.csv", true, true, 20);
        Said said = s4("predict", regression.toString(), "--input", input.toString());
        assertEquals(0, said.code(), said.err());
        List<String> lines = said.text().lines().toList();
        assertEquals("row,target,predicted_kind", lines.getFirst());
        List<Double> errors = new ArrayList<>();
        for (String line : lines.subList(1, 21)) {
            String[] cells = line.split(",", -1);
            errors.add(Math.abs(Double.parseDouble(cells[1]) - Double.parseDouble(cells[2])));
        }
        double mean = errors.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        assertTrue(mean < 40, "mean error " + mean + "; the targets are ±50 to ±60");
    }

    @Test
    void inputThatDoesNotFitIsRefusedWithWhatToDo() throws IOException {
        Path wide = Files.writeString(tmp.resolve("wide.csv"), "id,t,a,b\nx,1,1,2\nx,2,3,4\n");
        List<String[]> wrong = List.of(
                new String[]{"--input", tmp.resolve("none.csv").toString(), "there is no such file"},
                new String[]{"--input", wide.toString(), "dataset.id=id", "dataset.time=t",
                        "2 channels (a, b); the model takes 1"},
                new String[]{"--input", wide.toString(), "loader.batch_size=3", "expected dataset.KEY=VALUE"},
                new String[]{"--input", tmp.resolve("classes.csv").toString(), "--out", classifier.toString(),
                        "--out"});
        for (String[] w : wrong) {
            List<String> words = new ArrayList<>(List.of("predict", classifier.toString()));
            words.addAll(List.of(w).subList(0, w.length - 1));
            Said said = s4(words.toArray(String[]::new));
            assertEquals(2, said.code(), said.err());
            assertTrue(said.err().contains(w[w.length - 1]), said.err());
        }
        Path large = Files.writeString(tmp.resolve("large.csv"), "t0,t1,t2\n1,2e30,3\n");
        Said beyond = s4("predict", classifier.toString(), "--input", large.toString());
        assertTrue(beyond.code() == 2 && beyond.err().contains("step 2: input 1 is ")
                && !beyond.err().contains("a fault in s4j"), beyond.err());
        Path gap = Files.writeString(tmp.resolve("gap.csv"), "t0,t1,t2\n1,,3\n4,5,6\n");
        Said refused = s4("predict", classifier.toString(), "--input", gap.toString());
        assertTrue(refused.code() == 2 && refused.err().contains("dataset.missing=linear"), refused.err());
        assertEquals(0,
                s4("predict", classifier.toString(), "--input", gap.toString(), "dataset.missing=linear").code());
    }

    @Test
    void longerSeriesThanInTrainingAreNoted() throws IOException {
        Path longer = Files.writeString(tmp.resolve("long.csv"), "a,b,c,d,e,f,g,h,i\n1,2,3,4,5,6,7,8,9\n");
        Said said = s4("predict", classifier.toString(), "--input", longer.toString());
        assertEquals(0, said.code(), said.err());
        assertTrue(said.err().contains("1 of 1 series are longer than the 8 steps"), said.err());
    }
}
