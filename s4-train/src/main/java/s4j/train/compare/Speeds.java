package s4j.train.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.data.SequenceSet;
import s4j.model.SequenceBatch;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.stream.Session;

/**
 * What the runtime makes of a trained model.
 *
 * @param batchRate whole sequences/s in batches of {@value #BATCH}
 * @param latency milliseconds of one whole sequence alone
 * @param step microseconds of one streamed step, at the data set's length; NaN: it does not stream
 * @param state bytes that a stream holds then
 * @param modelBytes of the model file
 * @param refusal why it does not stream; null: it does
 */
record Speeds(double batchRate, double latency, double step, long state, long modelBytes, @Nullable String refusal) {
    private static final int BATCH = 16;
    private static final int REPEATS = 5;
    /** Nanoseconds after which the compiler is done. */
    private static final long COMPILED = 1_000_000_000L;

    static Speeds of(Path file, SequenceSet test) throws IOException {
        S4Model model = S4Model.load(file, ModelOptions.standard());
        SequenceBatch many = test.batch(IntStream.range(0, Math.min(BATCH, test.size())).toArray());
        SequenceBatch one = test.batch(new int[]{0});
        double together = seconds(() -> model.forward(many));
        double alone = seconds(() -> model.forward(one));
        String refusal = model.streamingRefusal();
        long size = Files.size(file);
        if (refusal != null) {
            return new Speeds(many.size() / together, 1e3 * alone, Double.NaN, 0, size, refusal);
        }
        int l = one.length();
        Session session = model.newSession();
        double stream = seconds(() -> {
            session.state().reset();
            for (int t = 0; t < l; t++) {
                session.step(Arrays.copyOfRange(one.x(), t * model.dInput(), (t + 1) * model.dInput()));
            }
        });
        return new Speeds(many.size() / together, 1e3 * alone, 1e6 * stream / l, 4 * session.state().size(), size,
                null);
    }

    /** The median of a few runs after those that warm up. */
    private static double seconds(Runnable work) {
        warm(work);
        double[] times = new double[REPEATS];
        for (int i = 0; i < REPEATS; i++) {
            long start = System.nanoTime();
            work.run();
            times[i] = (System.nanoTime() - start) / 1e9;
        }
        return median(times);
    }

    /** Repeats it, once at least, until the compiler is done with it. */
    static void warm(Runnable work) {
        long start = System.nanoTime();
        do {
            work.run();
        } while (System.nanoTime() - start < COMPILED);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
