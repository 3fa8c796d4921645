package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.kernel.Backend;
import s4j.kernel.matrix.PackedMatrix.Precision;
import s4j.model.SequenceBatch;
import s4j.testkit.Comparison;
import s4j.testkit.Hostile;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

/** Streams: states as values, many at once, the same bits everywhere. */
class StreamTest {
    private static final int SEED = 17;
    private static final int MUTATIONS = Integer.getInteger("s4j.mutations", 20_000);

    @TempDir
    Path tmp;

    private static S4Model sashimi() { return TinyModels.model(TinyModels.sashimi(false), Backend.best()); }

    @Test
    void aSnapshotGoesOnToTheSameBitsInAnotherProcess() throws Exception {
        Session session = sashimi().newSession();
        session.chunk(TinyModels.noise(2 * 11, SEED)); // between two pools
        Path snapshot = tmp.resolve("snapshot");
        Path outputs = tmp.resolve("outputs");
        Files.write(snapshot, session.snapshot());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // the same vectors: others add in another order
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), ResumedStream.class.getName(),
                snapshot.toString(), outputs.toString()));
        Process other = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(tmp.resolve("log").toFile()).start();
        assertEquals(0, other.waitFor(), () -> "see " + tmp.resolve("log"));
        assertArrayEquals(ResumedStream.steps(session), Files.readAllBytes(outputs));
    }

    @Test
    void tenThousandSessionsOnSeveralThreadsGiveTheBitsOfOne() throws Exception {
        S4Model model = sashimi();
        int sessions = 10_000;
        int steps = 8;
        List<Session> all = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            all.add(model.newSession());
        }
        try (var pool = Executors.newFixedThreadPool(4)) {
            for (int t = 0; t < steps; t++) {
                List<Future<?>> running = new ArrayList<>();
                for (int part = 0; part < 8; part++) {
                    int first = part * sessions / 8;
                    int last = (part + 1) * sessions / 8;
                    int step = t;
                    running.add(pool.submit(() -> {
                        for (int i = first; i < last; i++) {
                            all.get(i).step(input(i, step));
                        }
                    }));
                }
                for (Future<?> f : running) {
                    f.get();
                }
            }
        }
        for (int i = 0; i < sessions; i++) {
            Session alone = model.newSession();
            for (int t = 0; t < steps; t++) {
                alone.step(input(i, t));
            }
            assertArrayEquals(alone.state().values, all.get(i).state().values, "session " + i);
        }
    }

    private static float[] input(int session, int step) {
        return new float[]{(float) Math.sin(session + 0.3 * step), (session * 31 + step) % 7 - 3};
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 33, 70})
    void aStreamHasTheSameBitsAloneAndAmongOthers(int b) {
        for (Precision precision : Precision.values()) {
            for (boolean diagonal : new boolean[]{true, false}) {
                requireSameBits(
                        TinyModels.model(Quantization.of(TinyModels.sashimi(diagonal), precision), Backend.best()),
                        b, precision + ", diagonal " + diagonal);
            }
        }
    }

    private static void requireSameBits(S4Model model, int b, String name) {
        List<StreamState> states = new ArrayList<>();
        List<Session> alone = new ArrayList<>();
        for (int i = 0; i < b; i++) {
            alone.add(model.newSession());
            alone.get(i).chunk(TinyModels.noise(2 * (i % 7), SEED)); // different phases of the pools
            states.add(alone.get(i).state().copy());
        }
        for (int t = 0; t < 9; t++) {
            float[] x = TinyModels.noise(2 * b, SEED + t);
            float[] y = new float[3 * b];
            model.step(states, x, y);
            for (int i = 0; i < b; i++) {
                float[] own = alone.get(i).step(x[2 * i], x[2 * i + 1]);
                assertArrayEquals(own, Arrays.copyOfRange(y, 3 * i, 3 * i + 3), name + ", stream " + i);
            }
        }
    }

    @Test
    void aStepAllocatesNothing() {
        for (ModelFile file : List.of(TinyModels.sashimi(true), TinyModels.sashimi(false),
                TinyModels.classifier(true, "pool"))) {
            Session session = TinyModels.model(file, Backend.SCALAR).newSession(); // SIMD allocates until it is compiled
            float[] x = {0.5f, -1};
            float[] y = new float[3];
            requireNoAllocation(() -> session.step(x, y), 1000);
        }
    }

    @Test
    void aStepOfManyStreamsAllocatesNothing() {
        S4Model model = TinyModels.model(TinyModels.sashimi(true), Backend.SCALAR);
        List<StreamState> states = Stream.generate(model::newState).limit(20).toList();
        float[] x = TinyModels.noise(2 * 20, SEED);
        float[] y = new float[3 * 20];
        requireNoAllocation(() -> model.step(states, x, y), 16_000); // one object a step; a thread may start
    }

    /** Bytes that 1,000 steps make after 100 are fewer than that. */
    static void requireNoAllocation(Runnable step, int bound) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 100; i++) {
            step.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            step.run();
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < bound, () -> bytes + " bytes in 1,000 steps");
    }

    @Test
    void simdEqualsScalarInEveryForm() {
        for (ModelFile file : List.of(TinyModels.sashimi(true), TinyModels.sashimi(false),
                TinyModels.classifier(true, "pool"), TinyModels.classifier(false, "step"))) {
            S4Model simd = TinyModels.model(file, Backend.best());
            S4Model scalar = TinyModels.model(file, Backend.SCALAR);
            float[] x = TinyModels.noise(2 * 53, SEED);
            SequenceBatch batch = new SequenceBatch(1, 53, 2, x, new int[1]);
            Comparison.requireClose("whole", SEED, simd.forward(batch), scalar.forward(batch), Tolerances.TWINS);
            Comparison.requireClose("chunk", SEED, simd.forwardChunk(simd.newState(), x),
                    scalar.forwardChunk(scalar.newState(), x), Tolerances.TWINS);
        }
    }

    @Test
    void theModelSaysWhatComputes() {
        String backend = System.getProperty("s4j.test.vectors", "all").equals("none") ? "scalar" : "SIMD ";
        String said = sashimi().describe();
        assertTrue(said.startsWith(backend) && said.endsWith(", 2 threads"), said);
    }

    @Test
    void aForkGoesOnOnItsOwn() {
        Session session = sashimi().newSession();
        session.chunk(TinyModels.noise(10, SEED));
        Session fork = session.fork();
        byte[] before = session.snapshot();
        fork.step(1, 2);
        assertArrayEquals(before, session.snapshot());
        assertArrayEquals(fork.step(3, 4), twice(session));
        session.state().reset();
        assertArrayEquals(sashimi().newSession().snapshot(), session.snapshot());
    }

    private static float[] twice(Session session) {
        session.step(1, 2);
        return session.step(3, 4);
    }

    @Test
    void damagedOrForeignSnapshotsAreRefusedByName() {
        S4Model model = sashimi();
        Session session = model.newSession();
        session.step(1, 2);
        byte[] good = session.snapshot();
        assertTrue(refused(model, Arrays.copyOf(good, 20)).contains("at least"));
        assertTrue(refused(model, Arrays.copyOf(good, good.length - 4)).contains("was it cut"));
        byte[] flipped = good.clone();
        flipped[good.length / 2] ^= 1;
        assertTrue(refused(model, flipped).contains("checksum"));
        byte[] newer = good.clone();
        newer[4] = 9;
        assertTrue(refused(model, newer).contains("version 9"));
        byte[] foreign = TinyModels.model(TinyModels.sashimi(true), Backend.best()).newSession().snapshot();
        assertTrue(refused(model, foreign).contains("it belongs to another model"));
        S4Model other = TinyModels.model(TinyModels.sashimi(true), Backend.best());
        assertTrue(Refusal.messageOf(() -> other.session(session.state())).contains("the state belongs to the model"));
    }

    @Test
    void mutatedSnapshotsAreRefused() {
        S4Model model = sashimi();
        Session session = model.newSession();
        session.step(1, 2);
        byte[] good = session.snapshot();
        byte[] codes = {0, 1, -1, 127, -128};
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = Hostile.mutated(good, codes, new SplittableRandom(SEED + i));
            boolean refused = Hostile.refused(MalformedFileException.class, "seed " + (SEED + i),
                    () -> model.restore(bytes));
            assertTrue(refused || Arrays.equals(good, bytes), "seed " + (SEED + i));
        }
    }

    @Test
    void aStateBelongsToOneSamplingRate() throws MalformedFileException {
        ModelOptions options = ModelOptions.standard();
        S4Model slow = S4Model.of(TinyModels.sashimi(false), "tiny", options.atRate(2));
        assertTrue(refused(sashimi(), slow.newSession().snapshot()).contains("(and sampling rate)"));
        assertTrue(Refusal.messageOf(() -> options.atRate(0)).contains("above 0"));
        assertTrue(Refusal.messageOf(() -> options.atRate(Double.NaN)).contains("sampling rate NaN"));
    }

    private static String refused(S4Model model, byte[] bytes) {
        return Refusal.messageOf(MalformedFileException.class, () -> model.restore(bytes));
    }

    @Test
    void inputsOfTheWrongSizeAreRefused() {
        S4Model model = sashimi();
        assertEquals("input: got 3; expected 2", Refusal.messageOf(() -> model.newSession().step(1, 2, 3)));
        assertTrue(
                Refusal.messageOf(() -> model.forwardChunk(model.newState(), new float[3])).contains("multiple of 2"));
    }
}
