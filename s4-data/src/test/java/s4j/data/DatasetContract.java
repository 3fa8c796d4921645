package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.model.Targets;

/** What holds of every data set. */
interface DatasetContract {
    /** The data set, read anew. */
    Dataset load() throws IOException;

    private static Map<String, SequenceSet> sets(Dataset data) {
        Map<String, SequenceSet> out = new LinkedHashMap<>();
        out.put("train", data.train());
        out.put("validation", data.validation());
        out.put("test", data.test());
        out.values().removeIf(s -> s.size() == 0);
        return out;
    }

    private static int[] all(SequenceSet set) { return IntStream.range(0, set.size()).toArray(); }

    /** The values of sequence i without padding. */
    private static float[] values(SequenceBatch batch, int i) {
        int from = i * batch.length() * batch.features();
        return Arrays.copyOfRange(batch.x(), from, from + batch.stepsOf(i) * batch.features());
    }

    /** What is to be predicted of sequence i, as numbers. */
    private static double[] targets(SequenceBatch batch, int i) {
        return switch (batch.targets()) {
            case Targets.Classes c -> new double[]{c.classes()[i]};
            case Targets.StepClasses s -> IntStream.range(0, batch.stepsOf(i))
                    .mapToDouble(t -> s.classes()[i * batch.length() + t]).toArray();
            case Targets.Values v -> IntStream.range(0, v.steps() * v.features())
                    .mapToDouble(k -> v.values()[i * v.steps() * v.features() + k]).toArray();
            case null -> throw new AssertionError("a data set without targets");
        };
    }

    @Test
    default void sequencesHaveTheFeaturesAndAtMostTheStepsThatAreSaid() throws IOException {
        Dataset data = load();
        assertTrue(data.train().size() > 0 && data.test().size() > 0, "some to train and some to test");
        int longest = 0;
        int told = Math.max(1, data.conditions().size() * data.parts());
        for (SequenceSet set : sets(data).values()) {
            SequenceBatch batch = set.batch(all(set));
            assertEquals(set.size(), batch.size());
            assertEquals(data.tokens() ? 1 : data.dInput(), batch.features());
            assertTrue(IntStream.range(0, set.size()).map(batch::stepsOf).max().orElse(0) == batch.length(),
                    "a batch is as long as its longest sequence");
            longest = Math.max(longest, batch.length());
            for (float v : batch.x()) {
                assertTrue(Float.isFinite(v), "value " + v);
                assertTrue(!data.tokens() || (v == Math.rint(v) && v >= 0 && v < data.dInput() * told), "token " + v);
            }
        }
        assertEquals(data.lMax(), longest);
    }

    @Test
    default void sequenceIsTheSameAloneAndInAnyBatch() throws IOException {
        Dataset data = load();
        sets(data).forEach((name, set) -> {
            SequenceBatch whole = set.batch(all(set));
            for (int i = 0; i < set.size(); i++) {
                SequenceBatch alone = set.batch(new int[]{i});
                assertEquals(alone.length(), alone.stepsOf(0), "nothing to pad");
                assertArrayEquals(values(alone, 0), values(whole, i), name + " " + i);
                assertArrayEquals(targets(alone, 0), targets(whole, i), name + " " + i);
            }
            int last = set.size() - 1;
            SequenceBatch pair = set.batch(new int[]{last, 0});
            assertArrayEquals(values(whole, last), values(pair, 0), "in the order that is asked for");
            assertArrayEquals(values(whole, 0), values(pair, 1), "in the order that is asked for");
        });
    }

    @Test
    default void orderDoesNotDependOnTheBatchSize() throws IOException {
        Dataset data = load();
        for (int size : new int[]{1, 3, data.train().size()}) {
            int at = 0;
            Batches.Epoch epoch = new Batches(data.train(), size, true, false, 5).epoch(2);
            int[] order = new Batches(data.train(), 1, true, false, 5).epoch(2).order();
            for (int b = 0; b < epoch.count(); b++) {
                for (int i : epoch.indices(b)) {
                    assertEquals(order[at++], i, "batch size " + size);
                }
            }
            assertEquals(data.train().size(), at);
        }
    }

    @Test
    default void targetsAreOfTheKindAndInTheRangeThatIsSaid() throws IOException {
        Dataset data = load();
        for (SequenceSet set : sets(data).values()) {
            SequenceBatch batch = set.batch(all(set));
            switch (data.targets()) {
                case TargetSpec.Classes c -> {
                    assertEquals(c.names().size(), c.names().stream().distinct().count(), "names " + c.names());
                    for (int i = 0; i < set.size(); i++) {
                        assertEquals(batch.classes()[i], set.label(i));
                        assertTrue(set.label(i) >= 0 && set.label(i) < c.names().size(), "class " + set.label(i));
                    }
                }
                case TargetSpec.StepClasses s -> {
                    assertEquals(batch.size() * batch.length(), batch.classes().length);
                    assertTrue(Arrays.stream(batch.classes()).allMatch(k -> k >= Targets.NONE && k < s.count()),
                            "classes");
                }
                case TargetSpec.Values v -> {
                    assertEquals(v.steps(), batch.values().steps());
                    assertEquals(v.features(), batch.values().features());
                    assertTrue(v.std().stream().allMatch(std -> std > 0), "std " + v.std());
                }
            }
        }
    }

    @Test
    default void transformIsReversible() throws IOException {
        Dataset data = load();
        Map<String, TensorData> transform = data.transform();
        TensorData mean = transform.get("data.mean");
        TensorData std = transform.get("data.std");
        assertEquals(mean == null, std == null, "mean and std together");
        if (mean != null && std != null) {
            assertTrue(mean.size() == 1 || mean.size() == data.dInput(), "mean of " + mean);
            assertEquals(mean.size(), std.size());
            SequenceBatch batch = data.train().batch(all(data.train()));
            for (int i = 0; i < batch.x().length; i++) {
                int c = i % (int) mean.size();
                assertTrue(std.get(c) > 0, "std " + std.get(c));
                float raw = (float) (batch.x()[i] * std.get(c) + mean.get(c));
                assertEquals(batch.x()[i], (raw - mean.get(c)) / std.get(c),
                        1e-4 * (1 + Math.abs(mean.get(c) / std.get(c))));
            }
        }
        TensorData order = transform.get("data.permutation");
        if (order != null) {
            assertArrayEquals(IntStream.range(0, data.lMax()).toArray(),
                    Arrays.stream(order.toInts()).sorted().toArray());
        }
    }

    @Test
    default void readAgainItIsTheSame() throws IOException {
        Dataset a = load();
        Dataset b = load();
        assertEquals(a.hash(), b.hash());
        assertTrue(a.hash().matches("[0-9a-f]{64}"), a.hash());
        assertEquals(a.targets(), b.targets());
        assertEquals(a.transform(), b.transform());
        sets(a).forEach((name, set) -> assertArrayEquals(set.batch(all(set)).x(),
                sets(b).getOrDefault(name, set).batch(all(set)).x(), name));
        assertEquals(sets(a).keySet(), sets(b).keySet());
    }
}
