package s4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.io.Json;
import s4j.io.MalformedFileException;
import s4j.io.SafeTensors;
import s4j.io.TensorData;
import s4j.testkit.Hostile;
import s4j.train.schedule.Plateau;

/** The files of a run: what is written is read back, and what is damaged is refused with its place. */
final class RunFilesTest {
    private static final byte[] CODES = "{}[]:,\"0123456789-.eE truefalsn\\u".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path dir = Path.of("");

    private static Position position(SplittableRandom random) {
        Running some = new Running(random.nextInt(9), random.nextInt(99), random.nextInt(99), random.nextDouble(),
                random.nextDouble());
        Position.Best best = random.nextBoolean()
                ? null
                : new Position.Best(random.nextInt(9), Map.of("loss", random.nextDouble(), "accuracy", 0.5));
        return new Position(random.nextInt(9), random.nextInt(9), random.nextLong(1L << 50), some, Running.NOTHING,
                best,
                new Plateau(random.nextBoolean() ? null : 0.25, random.nextInt(9), random.nextDouble()),
                new MetricsLog.Lengths(random.nextInt(999), random.nextInt(999)), random.nextInt(2) * 12.5);
    }

    private static Checkpoint checkpoint(SplittableRandom random) {
        return new Checkpoint(new LinkedHashMap<>(Map.of("w", TensorData.of(new float[]{1, 2, 3}, 3))),
                position(random),
                "{\"train\":{\"seed\":1}}", "cpu;threads=1", "ab12");
    }

    @Test
    void aCheckpointIsReadAsItWasWritten() throws IOException {
        for (long seed = 0; seed < 50; seed++) {
            Checkpoint c = checkpoint(new SplittableRandom(seed));
            Path file = dir.resolve("c.safetensors");
            c.write(file);
            assertEquals(c, Checkpoint.read(file), "seed " + seed);
            assertEquals(c, Checkpoint.fromBytes(c.toBytes(), "c"), "seed " + seed);
        }
    }

    /** Any damage is refused in words, or leaves a file that reads. */
    @Test
    void damagedCheckpointsAreReadOrRefusedAtACostOfTheirSize() throws IOException {
        Path file = dir.resolve("c.safetensors");
        Hostile.campaign(file, checkpoint(new SplittableRandom(3)).toBytes(), CODES, 77, 4 << 20,
                random -> Checkpoint.read(file), List.of(MalformedFileException.class, RunException.class));
    }

    private void without(String key, String... parts) {
        Map<String, String> metadata = new LinkedHashMap<>(Map.of("s4j.format", "checkpoint-1", "s4j.position",
                Json.print(Position.START.toJson()), "s4j.config", "{}", "s4j.fingerprint", "f", "s4j.data", "d"));
        metadata.remove(key);
        byte[] bytes = new SafeTensors(Map.of(), metadata).toBytes();
        assertFails(MalformedFileException.class, () -> Checkpoint.fromBytes(bytes, "c.safetensors"), parts);
    }

    @Test
    void whatACheckpointLacksIsNamed() {
        without("s4j.format", "c.safetensors: s4j.format is null; expected checkpoint-1. It is no checkpoint of s4j");
        for (String key : List.of("s4j.position", "s4j.config", "s4j.fingerprint", "s4j.data")) {
            without(key, "c.safetensors: metadata has no " + key);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"epoch | \"one\" | p.epoch is one; expected a whole number",
            "step | 1.5 | p.step is 1.5; expected a whole number",
            "interval | 3 | p.interval is 3; expected a JSON object",
            "files | {\"csv\":1} | p.files.jsonl is null; expected a whole number",
            "plateau | {\"best\":\"x\",\"bad_epochs\":0,\"factor\":1.0} | p.plateau.best is x; expected a number",
            "best | {\"epoch\":1,\"loss\":\"low\"} | p.best.loss is low; expected a number",
            "best | {\"loss\":1.0} | p.best.epoch is null", "trained | true | p.trained is true; expected a number"})
    void aPositionThatIsNoneSaysWhichFieldIsNot(String key, String value, String message) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        Position.START.toJson().forEach((k, v) -> {
            if (v != null) {
                json.put(k, v);
            }
        });
        json.put(key, Objects.requireNonNull(Json.parse(value, "value")));
        assertFails(RunException.class, () -> Position.fromJson(Json.parse(Json.print(json), "p"), "p"), message);
        assertFails(RunException.class, () -> Position.fromJson(null, "p"), "p is null; expected a JSON object");
    }

    /** A validation loss may overflow though training is finite: the checkpoint that says so must still be written. */
    @Test
    void aBestThatIsNoNumberIsKeptWithoutIt() throws IOException {
        Position.Best best = new Position.Best(2,
                Map.of("loss", Double.POSITIVE_INFINITY, "r2", Double.NaN, "rmse", 3.0));
        assertEquals(Map.of("rmse", 3.0), best.metrics());
        Position p = Position.START.nextEpoch(best, Plateau.START);
        assertEquals(p, Position.fromJson(Json.parse(Json.print(p.toJson()), "p"), "p"));
    }

    @Test
    void sumsAreMeansOfWhatWasSeen() {
        Running r = new Running(4, 10, 7, 25, 8);
        assertEquals(List.of(2.5, 0.7, 2.0), List.of(r.loss(), r.accuracy(), r.gradientNorm()));
        assertEquals(new Running(0, 0, 0, 0, 0), Position.START.epochSums());
    }

    @Test
    void aNewRunHasADirectoryOfItsOwn() throws IOException {
        LocalDateTime now = LocalDateTime.of(2024, 2, 3, 4, 5, 6);
        assertEquals(dir.resolve("2024-02-03-040506-mnist"), RunDirectory.fresh(dir, now, "mnist").path());
        Files.createDirectory(dir.resolve("2024-02-03-040506-mnist"));
        Files.createFile(dir.resolve("2024-02-03-040506-mnist-2"));
        assertEquals(dir.resolve("2024-02-03-040506-mnist-3"), RunDirectory.fresh(dir, now, "mnist").path());
    }

    @Test
    void aCheckpointBelongsToTheRunItLiesIn() {
        assertEquals(dir.resolve("run").toAbsolutePath(),
                RunDirectory.ofCheckpoint(dir.resolve("run/checkpoints/last.safetensors")).path());
        for (Path odd : List.of(dir.resolve("last.safetensors"), Path.of("/last.safetensors"), Path.of("/"))) {
            assertFails(RunException.class, () -> RunDirectory.ofCheckpoint(odd), "train.ckpt=" + odd,
                    "RUN/checkpoints/last.safetensors");
        }
    }

    @Test
    void aDiskWithoutRoomAndAFileInThePlaceOfADirectoryAreRefused() throws IOException {
        RunDirectory run = new RunDirectory(dir.resolve("run"));
        run.prepare(0);
        assertEquals(List.of(), list(run.path().resolve("checkpoints")), "the probe is gone");
        assertFails(RunException.class, () -> run.prepare(1L << 60), "MB free on its disk; expected at least",
                "Make room, or choose another run.dir");
        Files.createFile(dir.resolve("file"));
        assertFails(RunException.class, () -> new RunDirectory(dir.resolve("file/run")).prepare(0),
                "cannot write in run.dir=", "Choose another with run.dir=PATH");
    }

    private static List<String> list(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }

    @Test
    void oneProcessWritesARun() throws IOException {
        RunDirectory run = new RunDirectory(dir.resolve("run"));
        run.prepare(0);
        try (FileChannel held = run.lock()) {
            assertTrue(held.isOpen());
            assertFails(RunException.class, run::lock, "is being written by another run");
        }
        run.lock().close();
    }

    @Test
    void ioErrorsHaveWords() {
        assertEquals("permission denied", RunDirectory.reason(new java.nio.file.AccessDeniedException("x")));
        assertEquals("no such file x", RunDirectory.reason(new java.nio.file.NoSuchFileException("x")));
        assertEquals("x is a file", RunDirectory.reason(new java.nio.file.FileAlreadyExistsException("x")));
        assertEquals("disk quota", RunDirectory.reason(new java.nio.file.FileSystemException("x", null, "disk quota")));
        assertEquals("x", RunDirectory.reason(new java.nio.file.FileSystemException("x")));
        assertEquals("other", RunDirectory.reason(new IOException("other")));
    }

    @Test
    void metricsThatWereChangedByHandAreRefusedByFieldAndTimesSurviveOddLines() throws IOException {
        RunDirectory run = new RunDirectory(dir);
        Path rows = Files.writeString(run.metricsJsonl(),
                "{\"split\":\"val\",\"epoch\":1,\"step\":\"x\",\"loss\":1.0}\n");
        assertFails(RunException.class, () -> MetricsLog.read(rows),
                "metrics.jsonl.step is x; expected a whole number");
        Files.writeString(rows, "{\"split\":\"val\",");
        assertFails(MalformedFileException.class, () -> MetricsLog.read(rows), "metrics.jsonl");
        Files.writeString(rows,
                "{\"split\":\"val\",\"epoch\":1,\"step\":2,\"loss\":null,\"lr\":null,\"words\":\"x\"}\n");
        MetricsLog.Row row = MetricsLog.read(rows).getFirst();
        assertTrue(Double.isNaN(row.metric("loss")) && row.metrics().isEmpty(), "what is no number is no metric");
        assertNull(row.lr());
        Files.delete(rows);
        Files.writeString(run.timingCsv(), "step,seconds\n5,1,2,3\nodd\n-1,2\n9,1,2,3\n\n");
        MetricsLog.open(run, MetricsLog.Lengths.NONE, 7, new MetricsLog.Columns(null, List.of()), false).close();
        assertEquals(List.of("step,seconds,sequences_per_second,training_seconds", "5,1,2,3"),
                Files.readAllLines(run.timingCsv()), "nothing of a later stretch, nothing odd");
    }
}
