package s4j.flink;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import s4j.io.ModelFile;
import s4j.stream.Session;
import s4j.stream.TinyModels;

/** Readings of a few sensors, out of order by less than {@link #DISORDER}, and what a model says of them when nothing ever fails. */
final class Sensors {
    static final int KEYS = 7;
    static final long COUNT = 2_100;
    static final long STEP = 10;
    /** Milliseconds. */
    static final long DISORDER = 60;

    private Sensors() {}

    static byte[] model() { return bytes(TinyModels.classifier(true, "step")); }

    /** Of another fingerprint. */
    static byte[] otherModel() { return bytes(TinyModels.classifier(false, "step")); }

    private static byte[] bytes(ModelFile file) { return file.toSafeTensors().toBytes(); }

    /** Reading i: neighbours change places in blocks, so that keys and times are in no order. */
    static Reading reading(long i) {
        long block = i / 12 * 12;
        long j = Math.min(COUNT - 1, block + (i - block) * 5 % 12);
        if (block + 12 > COUNT) {
            j = i;
        }
        SplittableRandom random = new SplittableRandom(j);
        return new Reading("sensor-" + j % KEYS, j / KEYS * STEP, new float[]{(float) random.nextGaussian(),
                (float) random.nextGaussian()});
    }

    static List<Reading> all() { return LongStream.range(0, COUNT).mapToObj(Sensors::reading).toList(); }

    /** Answers by key and time, each as its bits. */
    static Map<String, String> expected(List<Reading> readings, byte[] model) {
        Map<String, Session> sessions = new TreeMap<>();
        Map<String, String> out = new TreeMap<>();
        List<Reading> sorted = new ArrayList<>(readings);
        sorted.sort(Comparator.comparingLong(Reading::time));
        StreamModel m = StreamModel.of(model);
        for (Reading r : sorted) {
            Session s = sessions.computeIfAbsent(String.valueOf(r.key()), _ -> m.network().newSession());
            float[] y = s.step(java.util.Objects.requireNonNull(r.values()));
            out.put(r.key() + "@" + r.time(), text(m.values(y, 0)));
        }
        return out;
    }

    static String text(double[] values) {
        StringBuilder out = new StringBuilder();
        for (double v : values) {
            out.append(Double.toHexString(v)).append(' ');
        }
        return out.toString();
    }
}
