package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real comparison in a process of its own, killed while its second model trains. */
final class CompareKillTest {
    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    Path tmp;

    @Test
    void killedAndStartedAgainItEndsWithTheSameBitsAndTrainsNothingTwice() throws Exception {
        Path data = series();
        assertEquals(0, compare(data, "whole").waitFor(), log("whole"));
        Process cut = compare(data, "cut");
        Path second = tmp.resolve("cut/runs/gru-lr0.0012-seed1/checkpoints/last.safetensors");
        waitFor(second, cut);
        cut.destroyForcibly().waitFor();
        Path finished = tmp.resolve("cut/runs/mlp-lr0.0012-seed1/model.safetensors");
        var before = Files.getLastModifiedTime(finished);
        assertFalse(Files.exists(tmp.resolve("cut/report.html")), "it was killed too late to show anything");
        assertEquals(0, compare(data, "cut").waitFor(), log("cut"));
        assertTrue(log("cut").contains("continuing at epoch"), log("cut"));
        assertEquals(before, Files.getLastModifiedTime(finished), "a finished run stays as it is");
        try (var runs = Files.list(tmp.resolve("whole/runs"))) {
            for (Path run : runs.toList()) {
                Path other = tmp.resolve("cut/runs").resolve(run.getFileName());
                for (String file : List.of("model.safetensors", "metrics.csv")) {
                    assertArrayEquals(Files.readAllBytes(run.resolve(file)), Files.readAllBytes(other.resolve(file)),
                            run.getFileName() + "/" + file);
                }
            }
        }
        assertEquals(Files.readString(tmp.resolve("whole/rates.csv")), Files.readString(tmp.resolve("cut/rates.csv")));
    }

    private Process compare(Path data, String directory) throws IOException {
        return new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-XX:-UsePerfData",
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-cp",
                System.getProperty("java.class.path"), "s4j.cli.Main", "compare", "dataset=series",
                "dataset.path=" + data, "dataset.val_split=0.25", "models=mlp,gru", "budget.params=2000",
                "budget.epochs=12", "seeds=1", "growth=0", "model.d_model=8", "model.n_layers=1",
                "trainer.threads=1", "trainer.checkpoint_every_n_steps=2", "run.dir=" + tmp.resolve(directory))
                .redirectErrorStream(true).redirectOutput(tmp.resolve(directory + ".log").toFile()).start();
    }

    private String log(String directory) throws IOException {
        return Files.readString(tmp.resolve(directory + ".log"));
    }

    private void waitFor(Path file, Process process) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(file)) {
            assertTrue(process.isAlive() && System.nanoTime() < end, log("cut"));
            Thread.sleep(5);
        }
    }

    /** Forty rising or falling series as rows of a table. */
    private Path series() throws IOException {
        Random random = new Random(5);
        StringBuilder csv = new StringBuilder("label");
        for (int t = 0; t < 20; t++) {
            csv.append(",x").append(t);
        }
        for (int i = 0; i < 40; i++) {
            csv.append('\n').append(i % 2 == 0 ? "up" : "down");
            for (int t = 0; t < 20; t++) {
                csv.append(String.format(Locale.ROOT, ",%.3f", (i % 2 == 0 ? t : -t) / 10.0 + random.nextGaussian()));
            }
        }
        return Files.writeString(tmp.resolve("rising.csv"), csv.append('\n'));
    }
}
