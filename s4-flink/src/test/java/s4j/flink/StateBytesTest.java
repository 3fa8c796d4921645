package s4j.flink;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.stream.TinyModels;

/**
 * Bytes of a checkpoint for each byte of the streams' own states, where every stream changes between two checkpoints. RocksDB's sizes are a 50th of what
 * they are by default, as the streams are a 50th of the 50,000 that a subtask of docs/scale-out.md has.
 */
final class StateBytesTest {
    private static final int KEYS = 1_000;
    private static final int CHECKPOINTS = 10;
    /** From here on streams have as many older versions as they will ever have. */
    private static final int SETTLED = 4;
    private static final byte[] MODEL = TinyModels.s4d(32, 16).toSafeTensors().toBytes();
    private static final long OWN = 4L * StreamModel.of(MODEL).network().newState().size() * KEYS;
    /** What the issue of scaling out asks for. */
    private static final double MOST = 1.1;

    @TempDir
    Path tmp = Path.of("");

    private static EmbeddedRocksDBStateBackend rocks(String buffer, String level) {
        Configuration c = new Configuration();
        c.setString("state.backend.rocksdb.writebuffer.size", buffer);
        c.setString("state.backend.rocksdb.compaction.level.max-size-level-base", level);
        c.setString("state.backend.rocksdb.compaction.level.target-file-size-base", "1300kb");
        return new EmbeddedRocksDBStateBackend().configure(c, StateBytesTest.class.getClassLoader());
    }

    private Harness harness(StateBackend backend) throws Exception {
        Harness h = new Harness(Harness.ARRIVAL.sized(256, 5, 2 * KEYS), MODEL, 1, 0);
        h.engine.setStateBackend(backend);
        h.engine.setCheckpointStorage(new FileSystemCheckpointStorage(tmp.toUri().toString()));
        h.engine.open();
        return h;
    }

    private static double bytes(Harness h, long id, SnapshotType type) throws Exception {
        h.engine.prepareSnapshotPreBarrier(id);
        return h.engine.snapshotWithLocalState(id, id, type).getJobManagerOwnedState().getManagedKeyedState().stream()
                .mapToLong(KeyedStateHandle::getStateSize).sum() / (double) OWN;
    }

    /** Of each checkpoint, all streams having taken a step before it. */
    private static List<Double> loaded(Harness h) throws Exception {
        List<Double> out = new ArrayList<>();
        for (int t = 0; t < CHECKPOINTS; t++) {
            for (int k = 0; k < KEYS; k++) {
                h.take(new Reading("k" + k, t, new float[]{(float) Math.sin(k + 0.1 * t)}));
            }
            out.add(bytes(h, t, CheckpointType.CHECKPOINT));
        }
        return out;
    }

    private static double mean(List<Double> checkpoints) {
        return checkpoints.subList(SETTLED, CHECKPOINTS).stream().mapToDouble(d -> d).average().orElseThrow();
    }

    private static double savepoint(Harness h) throws Exception {
        return bytes(h, CHECKPOINTS, SavepointType.savepoint(SavepointFormatType.CANONICAL));
    }

    @Test
    void theHeapBackendAndSavepointsHaveEachStreamOnce() throws Exception {
        try (Harness heap = harness(new HashMapStateBackend())) {
            List<Double> all = loaded(heap);
            assertTrue(all.stream().allMatch(b -> b < MOST), all.toString());
            assertTrue(savepoint(heap) < MOST);
        }
    }

    @Test
    void rocksDbKeepsOlderVersionsUntilItCompactsAndSmallBuffersOverOneLevelMakeThatSoon() throws Exception {
        List<Double> before;
        try (Harness rocks = harness(rocks("1300kb", "5mb"))) {
            before = loaded(rocks);
            assertTrue(mean(before) > 1.5, "more than one version of each: " + before);
            assertTrue(savepoint(rocks) < MOST, "a canonical savepoint has one");
        }
        try (Harness rocks = harness(rocks("160kb", "50mb"))) {
            List<Double> all = loaded(rocks);
            assertTrue(mean(all) < 0.8 * mean(before), all + " and " + before);
            double[] later = new double[100];
            int i = 0;
            do {
                Thread.sleep(100);
                later[i] = bytes(rocks, CHECKPOINTS + i, CheckpointType.CHECKPOINT);
            } while (later[i] > MOST && ++i < later.length);
            assertTrue(i < later.length, "once compaction is done: " + Arrays.toString(later));
            tell(before, all, later[i]);
        }
    }

    /** For docs/scale-out.md. */
    @SuppressWarnings("SystemOut")
    private static void tell(List<Double> before, List<Double> all, double later) {
        System.out.printf(Locale.ROOT,
                "checkpoints over the streams' own bytes: RocksDB %.2f, small buffers %.2f, compacted %.2f%n",
                mean(before), mean(all), later);
    }
}
