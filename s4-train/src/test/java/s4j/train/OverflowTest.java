package s4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.train.fake.FakeData;
import s4j.train.fake.FakeLearner;
import s4j.train.fake.FakeNumbers;
import s4j.train.fake.TinyRun;
import s4j.train.report.DatasetSummary;
import s4j.train.run.Checkpoint;
import s4j.train.run.MetricsLog;

/** Validations that are no numbers, or of one sequence: a run goes on, and its files say what is known. */
final class OverflowTest {
    @TempDir
    Path tmp = Path.of("");

    /** A data set of which only the first few sequences are to validate and test. */
    private record Few(Dataset of, int size) implements Dataset {
        @Override
        public String name() { return of.name(); }

        @Override
        public int dInput() { return of.dInput(); }

        @Override
        public int lMax() { return of.lMax(); }

        @Override
        public boolean equalLengths() { return of.equalLengths(); }

        @Override
        public TargetSpec targets() { return of.targets(); }

        @Override
        public SequenceSet train() { return of.train(); }

        @Override
        public SequenceSet validation() { return new Some(of.validation(), size); }

        @Override
        public SequenceSet test() { return new Some(of.test(), size); }

        @Override
        public Map<String, TensorData> transform() { return of.transform(); }

        @Override
        public String hash() { return of.hash(); }
    }

    private record Some(SequenceSet of, int size) implements SequenceSet {
        @Override
        public SequenceBatch batch(int[] indices) { return of.batch(indices); }

        @Override
        public int label(int i) { return of.label(i); }
    }

    /** Of one sequence nothing explains the variance: r2 is no number, and no file holds one. */
    @Test
    void aValidationOfOneSequenceIsNoHindrance() throws IOException {
        TaskContractTest.Case numbers = TaskContractTest.cases().filter(c -> c.name().equals("numbers, mse"))
                .findFirst()
                .orElseThrow();
        TinyRun run = TaskContractTest.run(tmp.resolve("run"),
                new TaskContractTest.Case("few", new Few(new FakeNumbers(), 1),
                        numbers.words()),
                "trainer.max_epochs=2");
        Outcome.Finished end = assertInstanceOf(Outcome.Finished.class, run.go());
        assertTrue(Double.isNaN(end.test().metric("r2")), "one number explains nothing");
        Checkpoint best = Checkpoint.read(run.directory().best());
        assertTrue(
                Objects.requireNonNull(best.position().best()).metrics().keySet().containsAll(List.of("loss", "rmse")));
        assertTrue(MetricsLog.read(run.directory().metricsJsonl()).stream().anyMatch(r -> r.split().equals("test")));
        assertInstanceOf(Outcome.Finished.class, run.resumed().go());
    }

    /** Scores that overflow in the first validations only: the first one that is a number is the best so far. */
    @Test
    void aValidationThatOverflowsIsWorseThanAnyNumber() throws IOException {
        int[] asked = {0};
        TinyRun run = TinyRun.in(tmp.resolve("run"), "trainer.max_epochs=3").with(
                (network, options) -> new FakeLearner(network, options) {
                    @Override
                    public float[] predict(SequenceBatch batch) {
                        float[] scores = super.predict(batch);
                        asked[0] += batch.size();
                        if (asked[0] <= new FakeData().validation().size()) {
                            Arrays.fill(scores, Float.NaN);
                        }
                        return scores;
                    }
                });
        assertInstanceOf(Outcome.Finished.class, run.go());
        List<MetricsLog.Row> val = MetricsLog.read(run.directory().metricsJsonl()).stream()
                .filter(r -> r.split().equals("val")).toList();
        assertTrue(Double.isNaN(val.getFirst().metric("loss")), "null in JSON: " + val);
        Checkpoint best = Checkpoint.read(run.directory().best());
        assertTrue(Objects.requireNonNull(best.position().best()).epoch() > 1, "not the one that overflowed");
        assertTrue(ModelFile.read(run.directory().model()).provenance().containsKey("test_accuracy"));
    }

    /** A run whose every score overflows ends with a model file that says so by null. */
    @Test
    void aRunThatIsNeverFiniteEndsWithItsFiles() throws IOException {
        TinyRun run = TinyRun.in(tmp.resolve("run"), "trainer.max_epochs=2").with(
                (network, options) -> new FakeLearner(network, options) {
                    @Override
                    public float[] predict(SequenceBatch batch) {
                        float[] scores = super.predict(batch);
                        Arrays.fill(scores, Float.NaN);
                        return scores;
                    }
                });
        Outcome.Finished end = assertInstanceOf(Outcome.Finished.class, run.go());
        assertTrue(Double.isNaN(end.test().loss()));
        assertTrue(ModelFile.read(run.directory().model()).tensors().size() > 0);
    }

    /** What is not known is no 0 in a summary. */
    @Test
    void rangesOfTargetsLeaveOutWhatIsNotKnown() {
        FakeNumbers data = new FakeNumbers();
        DatasetSummary.Range all = Objects.requireNonNull(Objects.requireNonNull(DatasetSummary.of(data).splits().get(
                "train")).target());
        SequenceBatch whole = data.train().batch(IntStream.range(0, data.train().size()).toArray());
        double least = IntStream.range(0, whole.size()).mapToDouble(i -> whole.values().values()[2 * i]).min()
                .orElseThrow();
        assertEquals(100 + 20 * least, all.min(), 1e-4);
        Dataset masked = new Few(new Unknown(), 1);
        assertNull(Objects.requireNonNull(DatasetSummary.of(masked).splits().get("test")).target(), "nothing is known");
        DatasetSummary.Range train = Objects
                .requireNonNull(Objects.requireNonNull(DatasetSummary.of(masked).splits().get(
                        "train")).target());
        assertEquals(List.of(107.0, 107.0), List.of(train.min(), train.max()), "7 is the only one");
    }

    /** Numbers of which one is known. */
    private record Unknown() implements Dataset {
        @Override
        public String name() { return "unknown"; }

        @Override
        public int dInput() { return 1; }

        @Override
        public int lMax() { return 1; }

        @Override
        public TargetSpec targets() { return TargetSpec.Values.of(1, List.of("y"), List.of(100.0), List.of(1.0)); }

        @Override
        public SequenceSet train() { return new Ones(5, 3); }

        @Override
        public SequenceSet validation() { return new Ones(0, -1); }

        @Override
        public SequenceSet test() { return new Ones(2, -1); }

        @Override
        public Map<String, TensorData> transform() { return Map.of(); }

        @Override
        public String hash() { return "unknown"; }
    }

    private record Ones(int size, int known) implements SequenceSet {
        @Override
        public int label(int i) { return -1; }

        @Override
        @SuppressWarnings("NullAway") // does not see in class files that the array of lengths may be null
        public SequenceBatch batch(int[] indices) {
            float[] y = new float[indices.length];
            float[] mask = new float[indices.length];
            for (int b = 0; b < y.length; b++) {
                mask[b] = indices[b] == known ? 1 : 0;
                y[b] = indices[b] == known ? 7 : 0;
            }
            return new SequenceBatch(indices.length, 1, 1, new float[indices.length], null,
                    new s4j.model.Targets.Values(1, 1, y, mask));
        }
    }
}
