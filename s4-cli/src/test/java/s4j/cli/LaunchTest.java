package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes that train together. */
class LaunchTest {
    private static final int PATIENCE_SECONDS = 180;

    @TempDir
    Path tmp = Path.of("");

    /** 80 series of two classes. */
    private Path series() throws Exception {
        Path file = tmp.resolve("series.csv");
        if (!Files.exists(file)) {
            SplittableRandom random = new SplittableRandom(5);
            StringBuilder csv = new StringBuilder("kind,a,b,c,d,e,f,g,h\n");
            for (int i = 0; i < 80; i++) {
                csv.append(i % 2 == 0 ? "up" : "down");
                for (int t = 0; t < 8; t++) {
                    csv.append(',').append(String.format(java.util.Locale.ROOT, "%.3f", (i % 2 == 0 ? t : -t) + random
                            .nextDouble()));
                }
                csv.append('\n');
            }
            Files.writeString(file, csv);
        }
        return file;
    }

    @Test
    void aWorkersCollectorHasItsShareOfTheCoresUnlessItIsTold() {
        List<String> plain = Launched.command(List.of("-Xmx1g"), List.of("train", "pipeline=mnist"), 2);
        assertEquals("-XX:ParallelGCThreads=2", plain.get(1));
        assertEquals(List.of("s4j.cli.Main", "train", "pipeline=mnist"), plain.subList(plain.size() - 3, plain.size()));
        List<String> told = Launched.command(List.of("-XX:ParallelGCThreads=7"), List.of("train"), 2);
        assertTrue(told.indexOf("-XX:ParallelGCThreads=7") > told.indexOf("-XX:ParallelGCThreads=2"), told.toString());
    }

    private Process launched(Path run, int restarts) throws Exception {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT",
                ProcessHandle.current().info().command().orElse("java"), "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", "-cp",
                System.getProperty("java.class.path"), "s4j.cli.Main", "launch", "--workers", "2", "--max-restarts",
                "" + restarts, "--timeout", "60", "train", "pipeline=series", "dataset.path=" + series(),
                "dataset.target=kind", "model.d_model=4", "model.n_layers=1", "model.layer.d_state=4",
                "loader.batch_size=4", "trainer.max_epochs=40", "trainer.checkpoint_every_n_steps=3",
                "run.dir=" + run));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(tmp.resolve(run.getFileName()
                + ".log").toFile()).start();
    }

    private String log(Path run) throws Exception { return Files.readString(tmp.resolve(run.getFileName() + ".log")); }

    private static void await(Path file, Process process) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(file) && process.isAlive() && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertTrue(Files.exists(file), "no " + file);
    }

    @Test
    void aKilledWorkerIsStartedAgainWithAllOthersFromTheLastCheckpointToTheSameModel() throws Exception {
        Path whole = tmp.resolve("whole");
        Process uninterrupted = launched(whole, 0);
        assertTrue(uninterrupted.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, uninterrupted.exitValue(), log(whole));
        assertTrue(log(whole).contains("8 = 2 workers × 4"), log(whole));
        Path cut = tmp.resolve("cut");
        Process process = launched(cut, 1);
        await(cut.resolve("checkpoints/last.safetensors"), process);
        List<ProcessHandle> workers = process.children().toList();
        assertEquals(2, workers.size());
        workers.getLast().destroyForcibly();
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), log(cut));
        assertTrue(log(cut).contains("ended with exit code 137 (killed: signal 9") && log(cut).contains(
                "s4: restart 1 of 1 from " + cut) && log(cut).contains("continuing at epoch"), log(cut));
        assertArrayEquals(Files.readAllBytes(whole.resolve("model.safetensors")), Files.readAllBytes(cut.resolve(
                "model.safetensors")), "the same bits");
        assertTrue(workers.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void aSignalToTheLauncherStopsAllWorkersAfterTheyHaveSaved() throws Exception {
        Path run = tmp.resolve("run");
        Process process = launched(run, 3);
        await(run.resolve("checkpoints/last.safetensors"), process);
        List<ProcessHandle> workers = process.children().toList();
        process.destroy();
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(143, process.exitValue(), log(run));
        assertTrue(workers.stream().noneMatch(ProcessHandle::isAlive));
        assertTrue(log(run).contains("continue with: ./s4 train --resume") && !log(run).contains("restart"), log(run));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--workers 0 train pipeline=mnist|--workers 0; expected 1 to 4096",
            "--workers 2 eval m.safetensors|launch starts s4 train; got eval",
            "--workers 2 train pipeline=mnist optimizer.lrr=1|unknown key optimizer.lrr",
            "--workers 2 train -m optimizer.lr=0.1,0.2|launch trains one run; got --multirun",
            "--workers 2 train --resume|got no run.dir=PATH"})
    void mistakesAreToldOnceBeforeAnyWorkerStarts(String words, String message) {
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of("launch"));
        all.addAll(List.of(words.split(" ")));
        assertEquals(2, S4.commandLine(Parts.standard(), new PrintWriter(new StringWriter()), new PrintWriter(err))
                .execute(all.toArray(String[]::new)));
        assertTrue(err.toString().contains(message) && err.toString().lines().count() < 3, err.toString());
    }

    @Test
    void helpAndTheConfigurationAreThoseOfTrain() {
        StringWriter out = new StringWriter();
        assertEquals(0, S4.commandLine(Parts.standard(), new PrintWriter(out), new PrintWriter(new StringWriter()))
                .execute("launch", "--workers", "2", "train", "pipeline=mnist", "--print-config"));
        assertTrue(out.toString().contains("accumulate_grad_batches: 1"), out.toString());
        assertFalse(out.toString().contains("workers:"), "workers are no part of a configuration");
    }
}
