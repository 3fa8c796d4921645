package s4j.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import s4j.spark.Cluster;
import s4j.spark.S4Spark;

/** Training in a barrier stage on two worker JVMs, from Parquet. */
@ExtendWith(Cluster.class)
final class TrainingTest {
    private static final int SERIES = 60;
    private static final int STEPS = 16;
    private static final String LEARNS = "trainer.max_epochs=15";
    private static final String QUICK = "scheduler.num_warmup_steps=2";

    @TempDir
    Path tmp = Path.of("");

    /** Rows of series that rise or fall. */
    private static List<Row> rows() {
        List<Row> out = new ArrayList<>();
        for (int i = 0; i < SERIES; i++) {
            SplittableRandom random = new SplittableRandom(i);
            for (int t = 0; t < STEPS; t++) {
                out.add(RowFactory.create("s" + i, t, (i % 2 == 0 ? t : -t) + 3 * random.nextDouble(), i % 2 == 0
                        ? "up"
                        : "down"));
            }
        }
        return out;
    }

    private String parquet() {
        String path = tmp.resolve("series.parquet").toUri().toString();
        Cluster.spark().createDataFrame(rows(), new StructType().add("id", DataTypes.StringType).add("t",
                DataTypes.IntegerType).add("x", DataTypes.DoubleType).add("kind", DataTypes.StringType)).repartition(3)
                .write().parquet(path);
        return path;
    }

    private static List<String> words(String path, String... more) {
        List<String> out = new ArrayList<>(List.of("pipeline=series", "dataset._name_=parquet", "dataset.path=" + path,
                "dataset.target=kind", "dataset.id=id", "dataset.time=t", "dataset.channels=[x]", "model=s4d",
                "model.d_model=8", "model.n_layers=1", "model.dropout=0", "trainer.max_epochs=3", "trainer.threads=1"));
        out.addAll(List.of(more));
        return out;
    }

    private static S4Training.Trained train(S4Training training, List<String> words) {
        return training.train(Cluster.spark(), words.toArray(String[]::new));
    }

    private static double loss(Path run) throws IOException {
        List<String> lines = Files.readAllLines(run.resolve("metrics.csv"));
        List<String> names = List.of(lines.getFirst().split(",", -1));
        String last = lines.stream().filter(l -> l.startsWith("epoch,")).reduce("", (a, b) -> b);
        return Double.parseDouble(last.split(",", -1)[names.indexOf("loss")]);
    }

    @Test
    void twoTasksTrainTheNetworkThatOneDoesAndItScoresWhatTheyReadFrom() throws Exception {
        String path = parquet();
        Path one = tmp.resolve("one");
        Path two = tmp.resolve("two");
        train(S4Training.workers(1), words(path, "loader.batch_size=16", LEARNS, QUICK, "run.dir=" + one));
        S4Training.Trained trained = train(S4Training.workers(2),
                words(path, "loader.batch_size=8", LEARNS, QUICK, "run.dir=" + two));
        assertEquals(loss(one), loss(two), 1e-3 * loss(one));
        assertTrue(trained.lines().getLast().startsWith("test accuracy: "), trained.lines().toString());
        Dataset<Row> table = Cluster.spark().read().parquet(path);
        List<Row> scored = S4Spark.transformTable(table, trained.model(), "id", "t", List.of("x"), "said").orderBy("id")
                .collectAsList();
        assertEquals(SERIES, scored.size());
        int right = 0;
        for (Row row : scored) {
            assertNull(row.getAs("said_error"));
            int i = Integer.parseInt(row.<String>getAs("id").substring(1));
            right += row.getAs("said").equals(i % 2 == 0 ? "up" : "down") ? 1 : 0;
        }
        assertTrue(right > 0.9 * SERIES, right + " of " + SERIES);
    }

    @Test
    void aWorkerThatEndsSaysWhyAtTheDriver() {
        String said = String
                .valueOf(assertThrows(IllegalStateException.class, () -> train(S4Training.workers(2).restarts(3),
                        words(tmp.resolve("nothing").toString(), "model.d_sate=3"))).getMessage());
        assertTrue(
                said.startsWith("training failed\nworker 0 ended with exit code 2: ") && said.contains("worker 1 ended")
                        && said.contains("unknown key model.d_sate"),
                said);
        assertThrows(IllegalArgumentException.class, () -> S4Training.workers(0));
    }

    /** The process of a worker of this run, once its first checkpoint is there. */
    private static long killed(Path run) {
        long end = System.nanoTime() + 90_000_000_000L;
        while (System.nanoTime() < end) {
            if (Files.isRegularFile(run.resolve("checkpoints/last.safetensors"))) {
                // this JVM, its executors, their workers
                var worker = ProcessHandle.current().children().flatMap(ProcessHandle::children).findFirst();
                if (worker.isPresent() && worker.orElseThrow().destroyForcibly()) {
                    return worker.orElseThrow().pid();
                }
            }
            LockSupport.parkNanos(20_000_000);
        }
        return -1;
    }

    @Test
    void afterAWorkerWasKilledAllGoOnFromTheLastCheckpoint() throws Exception {
        String path = parquet();
        Path run = tmp.resolve("killed");
        long[] killed = {0};
        Thread killer = Thread.ofPlatform().start(() -> killed[0] = killed(run));
        List<String> words = words(path, "loader.batch_size=4", "run.dir=" + run, "trainer.max_epochs=30",
                "trainer.checkpoint_every_n_steps=10");
        S4Training.Trained trained = train(S4Training.workers(2).restarts(2).timeout(20), words);
        killer.join();
        assertTrue(killed[0] > 0, "one was killed");
        assertTrue(trained.lines().getLast().startsWith("test accuracy: "), trained.lines().toString());
        List<String> metrics = Files.readAllLines(run.resolve("metrics.csv"));
        assertEquals(30, metrics.stream().filter(l -> l.startsWith("epoch,")).count(), "each epoch once");
    }

    /** Kills an executor once the first checkpoint is there; gives the workers that then ran. */
    private static List<ProcessHandle> executorKilled(Path run) {
        long end = System.nanoTime() + 90_000_000_000L;
        while (System.nanoTime() < end) {
            List<ProcessHandle> workers = ProcessHandle.current().children().flatMap(ProcessHandle::children).toList();
            if (workers.size() == 2 && Files.isRegularFile(run.resolve("checkpoints/last.safetensors"))) {
                Cluster.kill();
                return workers;
            }
            LockSupport.parkNanos(20_000_000);
        }
        return List.of();
    }

    private static void ended(List<ProcessHandle> workers) throws InterruptedException {
        for (int i = 0; i < 300 && workers.stream().anyMatch(ProcessHandle::isAlive); i++) {
            Thread.sleep(100);
        }
        assertEquals(List.of(), workers.stream().filter(ProcessHandle::isAlive).toList(), "a process is left");
    }

    @Test
    void aDeadExecutorEndsTheTrainingWithItsRankAndLeavesNoProcess() throws Exception {
        Cluster.whole();
        Path run = tmp.resolve("dead");
        List<ProcessHandle> workers = new ArrayList<>();
        Thread killer = Thread.ofPlatform().start(() -> workers.addAll(executorKilled(run)));
        List<String> words = words(parquet(), "loader.batch_size=4", "run.dir=" + run, "trainer.max_epochs=100000",
                "trainer.checkpoint_every_n_steps=10");
        String said = String.valueOf(assertThrows(IllegalStateException.class,
                () -> train(S4Training.workers(2).timeout(20), words)).getMessage());
        killer.join();
        assertTrue(said.matches("(?s)training failed\nworker [01] was lost: its executor died.*"), said);
        assertEquals(2, workers.size());
        ended(workers);
        Cluster.whole();
    }

    @Test
    void afterAnExecutorDiedAllGoOnFromTheLastCheckpoint() throws Exception {
        Cluster.whole();
        Path run = tmp.resolve("again");
        List<ProcessHandle> workers = new ArrayList<>();
        Thread killer = Thread.ofPlatform().start(() -> workers.addAll(executorKilled(run)));
        List<String> words = words(parquet(), "loader.batch_size=4", "run.dir=" + run, "trainer.max_epochs=30",
                "trainer.checkpoint_every_n_steps=10");
        S4Training.Trained trained = train(S4Training.workers(2).restarts(1).timeout(20), words);
        killer.join();
        assertEquals(2, workers.size(), "one was killed");
        ended(workers);
        assertTrue(trained.lines().getLast().startsWith("test accuracy: "), trained.lines().toString());
        List<String> metrics = Files.readAllLines(run.resolve("metrics.csv"));
        assertEquals(30, metrics.stream().filter(l -> l.startsWith("epoch,")).count(), "each epoch once");
    }

    @Test
    void parquetIsReadLikeAnyTableAndWhatIsNoneIsRefused() throws Exception {
        String path = parquet();
        try (ParquetTable table = ParquetTable.open(path)) {
            assertEquals(List.of("id", "t", "x", "kind"), table.columns().stream().map(c -> c.name()).toList());
            int rows = 0;
            double sum = 0;
            while (table.next()) {
                rows++;
                sum += table.number(2);
                assertTrue(String.valueOf(table.text(3)).matches("up|down"));
            }
            assertEquals(SERIES * STEPS, rows);
            assertEquals(rows().stream().mapToDouble(r -> r.getDouble(2)).sum(), sum, 1e-9);
        }
        String arrays = tmp.resolve("arrays.parquet").toUri().toString();
        Cluster.spark().sql("SELECT array(1.0D, 2.0D) AS x, 'up' AS kind").write().parquet(arrays);
        String said = String.valueOf(assertThrows(IOException.class, () -> ParquetTable.open(arrays)).getMessage());
        assertTrue(said.contains("column x is no number and no text; expected one row a step"), said);
        assertThrows(IOException.class, () -> ParquetTable.open(tmp.resolve("none").toString()));
        String nulls = tmp.resolve("nulls.parquet").toUri().toString();
        Cluster.spark().sql("SELECT CAST(NULL AS DOUBLE) AS x, 'y' AS kind").write().parquet(nulls);
        try (ParquetTable table = ParquetTable.open(nulls)) {
            assertTrue(table.next());
            assertTrue(Double.isNaN(table.number(0)));
            assertNull(table.text(0));
            String place = String.valueOf(assertThrows(IOException.class, () -> table.number(1)).getMessage());
            assertTrue(place.endsWith("row 1, column kind: got y; expected a number"), place);
        }
    }
}
