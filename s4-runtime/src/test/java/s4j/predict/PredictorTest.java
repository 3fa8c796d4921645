package s4j.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.stream.TinyModels;

/** Raw series in, names and units out. */
final class PredictorTest {
    private static final double[] MEAN = {5, -2};
    private static final double[] STD = {2, 0.5};

    /** A tiny classifier of series with two values a step, with what a trained file says of its data. */
    private static ModelFile file(Map<String, @Nullable Object> more, Map<String, TensorData> data) {
        ModelFile plain = TinyModels.classifier(true, "pool");
        Map<String, @Nullable Object> config = new LinkedHashMap<>(plain.config());
        config.putAll(more);
        Map<String, TensorData> tensors = new LinkedHashMap<>(plain.tensors());
        tensors.putAll(data);
        return new ModelFile(tensors, config, plain.provenance());
    }

    private static Map<String, TensorData> scale() {
        return Map.of("data.mean", TensorData.of(MEAN, 2), "data.std", TensorData.of(STD, 2));
    }

    private static Predictor predictor(Map<String, @Nullable Object> config, Map<String, TensorData> data)
            throws MalformedFileException {
        return Predictor.of(file(config, data), "m", ModelOptions.standard());
    }

    private static List<String> names(int n) {
        return List.of("zero", "one", "two", "three", "four", "five", "six", "seven").subList(0, n);
    }

    private static int outputs() throws MalformedFileException {
        return S4Model.of(TinyModels.classifier(true, "pool"), "m", ModelOptions.standard()).dOutput();
    }

    private static float[][] series(int length, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] x = new float[length][2];
        for (float[] step : x) {
            step[0] = (float) (MEAN[0] + STD[0] * random.nextGaussian());
            step[1] = (float) (MEAN[1] + STD[1] * random.nextGaussian());
        }
        return x;
    }

    private static Map<String, @Nullable Object> classes() throws MalformedFileException {
        return Map.of(TargetSpec.KEY, Map.of("_name_", "classes", "names", names(outputs())));
    }

    @Test
    void theFilesOwnNormalizationAndNamesAreUsed() throws MalformedFileException {
        Predictor p = predictor(classes(), scale());
        float[][] raw = series(9, 1);
        float[] seen = new float[18];
        for (int t = 0; t < 9; t++) {
            for (int c = 0; c < 2; c++) {
                seen[2 * t + c] = (float) ((raw[t][c] - MEAN[c]) / STD[c]);
            }
        }
        float[] scores = p.model().forward(new SequenceBatch(1, 9, 2, seen));
        List<Predictor.Ranked> ranked = p.classify(raw);
        assertEquals(scores.length, ranked.size());
        assertEquals(1, ranked.stream().mapToDouble(Predictor.Ranked::probability).sum(), 1e-9);
        for (int i = 1; i < ranked.size(); i++) {
            assertTrue(ranked.get(i - 1).probability() >= ranked.get(i).probability(), "the most probable first");
        }
        int best = ranked.getFirst().index();
        for (float s : scores) {
            assertTrue(scores[best] >= s);
        }
        assertEquals(names(scores.length).get(best), ranked.getFirst().name());
    }

    @Test
    void seriesOfOtherLengthsBesideItChangeNoPrediction() throws MalformedFileException {
        Predictor p = predictor(classes(), scale());
        List<float[]> all = List.of(flat(series(3, 1)), flat(series(17, 2)), flat(series(1, 3)));
        List<double[]> together = p.probabilities(all);
        for (int i = 0; i < all.size(); i++) {
            assertArrayEquals(p.probabilities(List.of(all.get(i))).getFirst(), together.get(i), 1e-6, "series " + i);
        }
    }

    private static float[] flat(float[][] x) {
        float[] out = new float[2 * x.length];
        for (int t = 0; t < x.length; t++) {
            System.arraycopy(x[t], 0, out, 2 * t, 2);
        }
        return out;
    }

    @Test
    void aStreamEndsWhereTheWholeSeriesDoes() throws MalformedFileException {
        Predictor p = predictor(classes(), scale());
        float[][] raw = series(12, 4);
        PredictionStream stream = p.stream();
        List<Predictor.Ranked> last = List.of();
        for (float[] step : raw) {
            last = stream.classify(step);
        }
        Map<String, Double> whole = new TreeMap<>();
        p.classify(raw).forEach(r -> whole.put(r.name(), r.probability()));
        for (Predictor.Ranked r : last) {
            assertEquals(whole.getOrDefault(r.name(), -1.0), r.probability(), 1e-5, r.name());
        }
    }

    @Test
    void numbersAreInTheirOwnUnit() throws MalformedFileException {
        int n = outputs();
        List<Double> mean = names(n).stream().map(x -> 100.0).toList();
        List<Double> std = names(n).stream().map(x -> 10.0).toList();
        Map<String, @Nullable Object> config = Map.of(TargetSpec.KEY,
                Map.of("_name_", "values", "steps", 1L, "names", names(n), "mean", mean, "std", std), "task",
                Map.of("_name_", "regression", "loss", Map.of("_name_", "mse")));
        Predictor p = predictor(config, Map.of());
        float[][] x = series(7, 5);
        float[] y = p.model().forward(new SequenceBatch(1, 7, 2, flat(x)));
        double[] values = p.values(x);
        double[] streamed = new double[0];
        PredictionStream stream = p.stream();
        for (float[] step : x) {
            streamed = stream.values(step);
        }
        for (int i = 0; i < n; i++) {
            assertEquals(100 + 10.0 * y[i], values[i], 1e-9);
            assertEquals(values[i], streamed[i], 1e-3);
        }
        assertFails(IllegalArgumentException.class, () -> p.classify(x), "predicts numbers, not classes");
    }

    @Test
    void permutedStepsAreTakenInTheTrainedOrder() throws MalformedFileException {
        Predictor p = predictor(classes(), Map.of("data.permutation", TensorData.of(new int[]{2, 0, 1}, 3)));
        assertArrayEquals(new float[]{5, 6, 1, 2, 3, 4}, p.transform().series(new float[]{1, 2, 3, 4, 5, 6}, 2));
        assertFails(IllegalArgumentException.class, () -> p.classify(series(4, 1)), "a series of 4 steps",
                "expected 3");
        assertFails(IllegalArgumentException.class, p::stream, "another order");
    }

    @Test
    void filesWithoutTargetsHaveNumberedClasses() throws MalformedFileException {
        assertEquals("0", predictor(Map.of(), Map.of()).classify(series(3, 1)).stream()
                .filter(r -> r.index() == 0).findFirst().orElseThrow().name());
    }

    @Test
    void whatDoesNotFitIsRefused() throws MalformedFileException {
        Predictor p = predictor(classes(), scale());
        assertFails(IllegalArgumentException.class, () -> p.classify(new float[][]{{1}}), "step 1",
                "1 values; expected 2");
        assertFails(IllegalArgumentException.class, () -> p.probabilities(List.of(new float[3])), "3 values",
                "whole steps of 2");
        assertFails(IllegalArgumentException.class, () -> p.values(series(3, 1)), "use classify");
        assertFails(MalformedFileException.class,
                () -> predictor(Map.of(TargetSpec.KEY, Map.of("_name_", "classes", "names", List.of("one"))), Map.of()),
                "m: ", "outputs; expected 1");
        assertFails(MalformedFileException.class,
                () -> predictor(classes(), Map.of("data.mean", TensorData.of(new double[]{1, 2, 3}, 3))), "data.mean",
                "each of 2 values");
        assertFails(MalformedFileException.class, () -> predictor(classes(), Map.of("data.mean", TensorData.of(MEAN, 2),
                "data.std", TensorData.of(new double[]{1, 0}, 2))), "data.std", "above 0");
        assertFails(MalformedFileException.class,
                () -> predictor(classes(), Map.of("data.permutation", TensorData.of(new int[]{0, 0}, 2))), "no order");
    }
}
