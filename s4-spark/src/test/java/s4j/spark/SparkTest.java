package s4j.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.predict.Predictor;
import s4j.stream.ModelOptions;
import s4j.stream.TinyModels;

/** Spark with two workers in JVMs of their own: predictions are those of a plain loop. */
@ExtendWith(Cluster.class)
final class SparkTest {
    private static final byte[] MODEL = model();

    @TempDir
    Path tmp = Path.of("");

    /** Two values a step, three classes, normalised. */
    static byte[] model() { return model("pool"); }

    /** The same with an output of another kind. */
    static byte[] model(String mode) {
        ModelFile plain = TinyModels.classifier(true, mode);
        Map<String, @Nullable Object> config = new LinkedHashMap<>(plain.config());
        config.put("targets", Map.of("_name_", "classes", "names", List.of("low", "middle", "high")));
        Map<String, TensorData> tensors = new LinkedHashMap<>(plain.tensors());
        tensors.put("data.mean", TensorData.of(new double[]{1, 2}, 2));
        tensors.put("data.std", TensorData.of(new double[]{2, 4}, 2));
        return new ModelFile(tensors, config, plain.provenance()).toSafeTensors().toBytes();
    }

    private static SparkSession spark() { return Cluster.spark(); }

    static float[] series(int i) {
        SplittableRandom random = new SplittableRandom(i);
        float[] x = new float[2 * (3 + i % 5)];
        for (int t = 0; t < x.length; t++) {
            x[t] = (float) random.nextGaussian();
        }
        return x;
    }

    private static List<Double> boxed(float[] x) {
        List<Double> out = new ArrayList<>();
        for (float v : x) {
            out.add((double) v);
        }
        return out;
    }

    static Dataset<Row> data(int n) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            rows.add(RowFactory.create(i, boxed(series(i))));
        }
        return spark().createDataFrame(rows, schema()).repartition(4);
    }

    private static StructType schema() {
        return new StructType().add("id", DataTypes.IntegerType).add("values", DataTypes.createArrayType(
                DataTypes.DoubleType));
    }

    static Predictor predictor() throws Exception {
        return Predictor.of(ModelFile.of(s4j.io.SafeTensors.fromBytes(MODEL, "m"), "m"), "m", ModelOptions.standard());
    }

    static double[] doubles(Row row, String column) {
        return row.<Double>getList(row.fieldIndex(column)).stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Test
    void everySeriesHasThePredictionOfAPlainLoop() throws Exception {
        Predictor plain = predictor();
        List<Row> rows = S4Spark.transform(data(300), MODEL, "values", "kind").collectAsList();
        assertEquals(300, rows.size());
        for (Row row : rows) {
            double[] expected = plain.probabilities(List.of(series(row.getInt(0)))).getFirst();
            assertArrayEquals(expected, doubles(row, "kind_probabilities"), 1e-6);
            assertEquals(plain.ranked(expected).getFirst().name(), row.getAs("kind"));
            assertNull(row.getAs("kind_error"));
        }
    }

    @Test
    void malformedRowsSayWhyAndNoneIsLost() {
        List<Row> rows = List.of(RowFactory.create(0, null), RowFactory.create(1, List.of()), RowFactory.create(2, List
                .of(1.0)), RowFactory.create(3, List.of(1.0, Double.NaN)),
                RowFactory.create(4, Arrays.asList(1.0, null)),
                RowFactory.create(5, List.of(1.0, 2.0)), RowFactory.create(6, List.of(1.0, 1e30)));
        List<Row> out = S4Spark.transform(spark().createDataFrame(rows, schema()), MODEL, "values", "kind").orderBy(
                "id").collectAsList();
        List<String> errors = new ArrayList<>();
        out.forEach(r -> errors.add(java.util.Objects.toString(r.get(r.fieldIndex("kind_error")))));
        assertEquals(List.of("no series", "0 values; expected whole steps of 2, at least one",
                "1 values; expected whole steps of 2, at least one", "value 2 is NaN; expected a finite number",
                "value 2 is NaN; expected a finite number", "null"), errors.subList(0, 6));
        assertTrue(errors.get(6).contains("expected a number of at most 1e+15"), errors.get(6));
        assertNull(out.getFirst().getAs("kind"));
    }

    @Test
    void stepsOfATableAreSeriesByKeyInTheOrderOfTime() throws Exception {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            float[] x = series(i);
            for (int t = 0; t < x.length / 2; t++) {
                rows.add(RowFactory.create("k" + i, (long) t, (double) x[2 * t], (double) x[2 * t + 1]));
            }
        }
        java.util.Collections.shuffle(rows, new java.util.Random(5));
        StructType steps = new StructType().add("key", DataTypes.StringType).add("time", DataTypes.LongType).add("a",
                DataTypes.DoubleType).add("b", DataTypes.DoubleType);
        List<Row> out = S4Spark
                .transformTable(spark().createDataFrame(rows, steps).repartition(3), MODEL, "key", "time",
                        List.of("a", "b"), "kind")
                .orderBy("key").collectAsList();
        assertEquals(6, out.size());
        for (int i = 0; i < 6; i++) {
            assertArrayEquals(predictor().probabilities(List.of(series(i))).getFirst(), doubles(out.get(i),
                    "kind_probabilities"), 1e-6);
        }
    }

    @Test
    void itIsAFunctionOfSqlAndAStageOfASavedPipeline() throws Exception {
        S4Spark.register(spark(), "s4_kind", MODEL);
        data(5).createOrReplaceTempView("series");
        Row first = spark().sql("SELECT s4_kind(values) AS p, s4_kind(array(1.0D)) AS none FROM series WHERE id = 3")
                .first();
        assertArrayEquals(predictor().probabilities(List.of(series(3))).getFirst(), doubles(first, "p"), 1e-6);
        assertNull(first.getAs("none"));
        S4Transformer stage = new S4Transformer(MODEL).setOutputCol("kind");
        PipelineModel fitted = new Pipeline().setStages(new PipelineStage[]{stage}).fit(data(5));
        String at = tmp.resolve("pipeline").toUri().toString();
        fitted.write().overwrite().save(at);
        PipelineModel back = PipelineModel.load(at);
        List<Row> a = fitted.transform(data(9)).orderBy("id").select("kind").collectAsList();
        assertEquals(a, back.transform(data(9)).orderBy("id").select("kind").collectAsList());
        assertEquals(9, a.size());
    }

    @Test
    void wrongColumnsAndModelsAreRefusedAtTheDriver() {
        String none = String
                .valueOf(assertThrows(IllegalArgumentException.class, () -> S4Spark.transform(data(1), MODEL,
                        "series", "kind")).getMessage());
        assertTrue(none.contains("no column series; expected one of id, values"), none);
        String type = String
                .valueOf(assertThrows(IllegalArgumentException.class, () -> S4Spark.transform(data(1), MODEL,
                        "id", "kind")).getMessage());
        assertTrue(type.contains("column id is int; expected an array of numbers"), type);
        assertThrows(IllegalArgumentException.class, () -> S4Spark.transform(data(1), new byte[]{1}, "values", "kind"));
    }
}
