package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.cli.Commands.Said;

/** Numbers that no float holds, wherever series are read: refused by their place, before anything is trained or predicted. */
final class InfiniteNumbersTest {
    private static final List<String> CELLS = List.of("inf", "-Infinity", "1e999", "-1e39");

    @TempDir
    Path tmp = Path.of("");

    /** Two waves; the cell stands in line 8, step 3. */
    private Path table(String cell) throws IOException {
        StringBuilder out = new StringBuilder("class,t1,t2,t3,t4\n");
        for (int k = 0; k < 30; k++) {
            out.append(k % 2 == 0 ? "slow" : "fast");
            for (int t = 0; t < 4; t++) {
                out.append(',').append(k == 6 && t == 2 ? cell : String.valueOf(Math.sin(t * (1 + k % 2) + k)));
            }
            out.append('\n');
        }
        return Files.writeString(tmp.resolve("x.csv"), out);
    }

    private static void requirePlace(Said said, String what) {
        assertEquals(Failures.USER, said.code(), what + said.out() + said.err());
        assertTrue(
                said.err().contains("x.csv, line 8, channel 1, step 3: got ") && said.err().contains("at most 3.4e+38"),
                what + said.err());
        assertFalse(said.err().contains("\tat "), what + said.err());
    }

    @Test
    void everyCommandThatReadsSeriesRefusesThemByTheirPlace() throws IOException {
        Path run = tmp.resolve("run");
        String[] train = {"train", "pipeline=series", "dataset.path=" + table("0.5"), "model.d_model=4",
                "model.n_layers=1",
                "trainer.max_epochs=1", "trainer.device=cpu", "run.dir=" + run};
        assertEquals(0, Commands.s4("", train).code());
        String model = run.resolve("model.safetensors").toString();
        for (String cell : CELLS) {
            String file = table(cell).toString();
            requirePlace(Commands.s4("", "data", "series", "path=" + file, "--html", tmp.resolve("p.html").toString()),
                    "data of " + cell);
            requirePlace(Commands.s4("", "predict", model, "--input", file), "predict of " + cell);
            requirePlace(Commands.s4("", "eval", model, "dataset.path=" + file), "eval of " + cell);
            train[train.length - 1] = "run.dir=" + tmp.resolve("other");
            requirePlace(Commands.s4("", train), "train of " + cell);
            assertFalse(Files.exists(tmp.resolve("other/model.safetensors")) || Files.exists(tmp.resolve("p.html")),
                    cell);
        }
    }

    @Test
    void anInfiniteTargetIsNoNumberToPredict() throws IOException {
        Path file = Files.writeString(tmp.resolve("y.csv"), "target,a\n" + "1.5,1\n2.5,2\ninf,3\n0.5,1\n".repeat(6));
        Said said = Commands.s4("", "data", "series", "path=" + file, "targets=values", "--html",
                tmp.resolve("p.html").toString());
        assertEquals(Failures.USER, said.code(), said.out());
        assertTrue(said.err().contains("target got inf; expected a number"), said.err());
    }

    @Test
    void tablesToForecastRefuseThemToo() throws IOException {
        for (String cell : CELLS) {
            Path file = Files.writeString(tmp.resolve("f.csv"),
                    "ds,y\n2024-01-01,1\n2024-01-02," + cell + "\n2024-01-03,2\n");
            Said said = Commands.s4("", "data", "forecast", "path=" + file, "--html", tmp.resolve("p.html").toString());
            assertEquals(Failures.USER, said.code(), said.out());
            assertTrue(said.err().contains("f.csv, line 3, column y: got ") && said.err().contains("at most 3.4e+38"),
                    said.err());
        }
    }
}
