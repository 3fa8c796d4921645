package s4j.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import s4j.data.forecast.Forecast;
import s4j.data.forecast.ForecastModel;
import s4j.data.forecast.TimeOptions;
import s4j.data.forecast.TimeReader;
import s4j.data.table.Table;
import s4j.io.ModelFile;
import s4j.model.Outputs;
import s4j.io.SafeTensors;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.stream.Session;
import s4j.stream.TinyModels;

/** Tables with a row a step: what follows each key, and what is said at each step. */
@ExtendWith(Cluster.class)
final class TablesTest {
    private static final int DAYS = 60;
    private static final double[] LEVELS = {0.1, 0.5, 0.9};
    private static final byte[] FORECASTER = bytes("src/test/resources/forecaster.safetensors");

    private static byte[] bytes(String path) {
        try {
            return Files.readAllBytes(Path.of(path));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static double value(String key, int t) {
        double wave = Math.sin(t * 2 * Math.PI / 7) + t % 5 * 0.1;
        return (key.equals("b") ? -wave : wave) + 10;
    }

    private static LocalDate day(int t) { return LocalDate.of(2025, 1, 30).plusDays(t); }

    private static Dataset<Row> table(DataType time, List<Row> rows) {
        List<Row> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(3));
        return Cluster.spark()
                .createDataFrame(shuffled, new StructType().add("shop", DataTypes.StringType).add("at", time)
                        .add("sold", DataTypes.DoubleType))
                .repartition(3);
    }

    private static List<Row> rows(String key, int days) {
        List<Row> out = new ArrayList<>();
        for (int t = 0; t < days; t++) {
            out.add(RowFactory.create(key, Date.valueOf(day(t)), value(key, t)));
        }
        return out;
    }

    /** As the command would, from a file of one series. */
    private static Forecast expected(String key, int horizon) throws Exception {
        StringBuilder csv = new StringBuilder("ds,y\n");
        for (int t = 0; t < DAYS; t++) {
            csv.append(day(t)).append(',').append(value(key, t)).append('\n');
        }
        ForecastModel model = ForecastModel.of(ModelFile.of(SafeTensors.fromBytes(FORECASTER, "m"), "m"), "m");
        try (Table table = Table.csv(new ByteArrayInputStream(csv.toString().getBytes(StandardCharsets.UTF_8)), key,
                ',')) {
            return model.forecast(TimeReader.read(table, TimeOptions.FOUND), horizon, LEVELS).forecasts().getFirst();
        }
    }

    private static double[] doubles(Row row, String column) {
        return row.<Double>getList(row.fieldIndex(column)).stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static Map<String, List<Row>> byKey(Dataset<Row> rows, String order) {
        return rows.orderBy("shop", order).collectAsList().stream().collect(Collectors.groupingBy(r -> String.valueOf(r
                .get(0))));
    }

    @Test
    void whatFollowsEachKeyIsTheCommandsForecastAndStampsGoOn() throws Exception {
        List<Row> rows = new ArrayList<>();
        List.of("a", "b", "c").forEach(k -> rows.addAll(rows(k, DAYS)));
        Dataset<Row> out = S4Spark.forecast(table(DataTypes.DateType, rows), FORECASTER, "shop", "at", List.of("sold"),
                0,
                LEVELS);
        assertEquals(List.of("shop", "at", "column", "mean", "quantiles", "error"), List.of(out.columns()));
        assertEquals(DataTypes.DateType, out.schema().apply("at").dataType());
        Map<String, List<Row>> found = byKey(out, "at");
        assertEquals(3, found.size());
        for (Map.Entry<String, List<Row>> each : found.entrySet()) {
            Forecast expected = expected(each.getKey(), 4);
            assertEquals(4, each.getValue().size());
            for (int h = 0; h < 4; h++) {
                Row row = each.getValue().get(h);
                assertEquals(Date.valueOf(day(DAYS + h)), row.getAs("at"));
                assertEquals(expected.mean()[h], row.<Double>getAs("mean"), 1e-9);
                assertEquals("sold", row.getAs("column"));
                double[] quantiles = doubles(row, "quantiles");
                for (int q = 0; q < 3; q++) {
                    assertEquals(expected.quantiles()[q][h], quantiles[q], 1e-9);
                }
                assertNull(row.getAs("error"));
            }
        }
    }

    @Test
    void longerHorizonsAndStampsOfTextGoOnInTheirOwnSpelling() throws Exception {
        List<Row> rows = new ArrayList<>();
        for (int t = 0; t < DAYS; t++) {
            LocalDate d = day(t);
            rows.add(RowFactory.create("a", d.getMonthValue() + "/" + d.getDayOfMonth() + "/" + d.getYear(),
                    value("a", t)));
        }
        Map<String, List<Row>> found = byKey(
                S4Spark.forecast(table(DataTypes.StringType, rows), FORECASTER, "shop", "at", List
                        .of("sold"), 6, LEVELS),
                "at");
        Forecast expected = expected("a", 6);
        Map<String, Double> means = found.getOrDefault("a", List.of()).stream()
                .collect(Collectors.toMap(r -> r.getAs("at"),
                        r -> r.<Double>getAs("mean")));
        assertEquals(6, means.size());
        for (int h = 0; h < 6; h++) {
            LocalDate d = day(DAYS + h);
            Double mean = means.get(d.getMonthValue() + "/" + d.getDayOfMonth() + "/" + d.getYear());
            assertNotNull(mean, means.toString());
            assertEquals(expected.mean()[h], mean, 1e-9);
        }
    }

    @Test
    void aKeyThatHasNoForecastSaysWhyAndSpoilsNoOther() {
        List<Row> rows = rows("a", DAYS);
        for (int t = 0; t < 40; t++) {
            rows.add(RowFactory.create("two days apart", Date.valueOf(day(2 * t)), 1.0 + t % 3));
        }
        rows.add(RowFactory.create("undated", null, 1.0));
        rows.addAll(rows("gaps", DAYS).stream().filter(r -> !r.get(1).equals(Date.valueOf(day(20))))
                .map(r -> r.get(1).equals(
                        Date.valueOf(day(30))) ? RowFactory.create("gaps", r.get(1), null) : r)
                .toList());
        Map<String, List<Row>> found = byKey(
                S4Spark.forecast(table(DataTypes.DateType, rows), FORECASTER, "shop", "at", List
                        .of("sold"), 0, LEVELS),
                "at");
        assertEquals(4, found.size(), "no key is lost");
        assertEquals(4, found.getOrDefault("a", List.of()).size());
        assertEquals(4, found.getOrDefault("gaps", List.of()).size(), "the last value stands for what is missing");
        Row other = found.getOrDefault("two days apart", List.of()).getFirst();
        assertTrue(other.<String>getAs("error").contains("the model was trained on steps of D"), other.toString());
        assertNull(other.getAs("at"));
        Row undated = found.getOrDefault("undated", List.of()).getFirst();
        assertTrue(undated.<String>getAs("error").contains("the time is missing; expected one in every row"), undated
                .toString());
    }

    private static byte[] stepper() { return TinyModels.classifier(true, "step").toSafeTensors().toBytes(); }

    private static Dataset<Row> steps(List<Row> rows) {
        List<Row> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(1));
        return Cluster.spark().createDataFrame(shuffled, new StructType().add("shop", DataTypes.IntegerType).add("at",
                DataTypes.LongType).add("x", DataTypes.FloatType).add("y", DataTypes.IntegerType)).repartition(3);
    }

    @Test
    void eachStepHasWhatAStreamWouldSayThen() throws Exception {
        List<Row> rows = new ArrayList<>();
        for (int key = 0; key < 4; key++) {
            for (int t = 0; t < 9; t++) {
                rows.add(RowFactory.create(key, 10L * t, key == 2 && t == 5 ? Float.NaN : (float) Math.sin(t + key),
                        key - t));
            }
        }
        byte[] model = SparkTest.model("step");
        Map<String, List<Row>> found = byKey(S4Spark.transformSteps(steps(rows), model, "shop", "at", List.of("x", "y"),
                "kind"), "at");
        S4Model plain = S4Model.of(ModelFile.of(SafeTensors.fromBytes(model, "m"), "m"), "m", ModelOptions.standard());
        for (int key = 0; key < 4; key++) {
            List<Row> own = found.getOrDefault(String.valueOf(key), List.of());
            assertEquals(9, own.size());
            Session session = plain.newSession();
            for (int t = 0; t < 9; t++) {
                assertEquals(10L * t, own.get(t).<Long>getAs("at"));
                if (key == 2) {
                    assertNull(own.get(t).getAs("kind"));
                    assertEquals("value 11 is NaN; expected a finite number", own.get(t).getAs("kind_error"));
                } else { // mean 1, 2 and deviation 2, 4 stand in the model file
                    float[] y = session.step(((float) Math.sin(t + key) - 1) / 2, (key - t - 2) / 4f);
                    assertArrayEquals(Outputs.probabilities(y, 0, 3), doubles(own.get(t), "kind_probabilities"), 1e-5);
                }
            }
        }
    }

    @Test
    void wrongTablesAndModelsAreRefusedAtTheDriver() {
        Dataset<Row> table = table(DataTypes.DateType, rows("a", 3));
        assertRefused("no column price; expected one of shop, at, sold",
                () -> S4Spark.forecast(table, FORECASTER, "shop",
                        "at", List.of("price"), 0, LEVELS));
        assertRefused("column shop is string; expected numbers", () -> S4Spark.forecast(table, FORECASTER, "shop", "at",
                List.of("shop"), 0, LEVELS));
        assertRefused("horizon 0, levels [1.5]; expected 0 or more, and shares between 0 and 1",
                () -> S4Spark.forecast(table,
                        FORECASTER, "shop", "at", List.of("sold"), 0, 1.5));
        assertRefused("the model was not trained to forecast",
                () -> S4Spark.forecast(table, stepper(), "shop", "at", List.of(
                        "sold"), 0, LEVELS));
        assertRefused("the model forecasts a table of time series",
                () -> S4Spark.transformSteps(table, FORECASTER, "shop",
                        "at", List.of("sold"), "kind"));
        assertRefused("1 columns [sold]; the model takes 2 a step", () -> S4Spark.transformSteps(table, SparkTest.model(
                "step"), "shop", "at", List.of("sold"), "kind"));
    }

    private static void assertRefused(String why, org.junit.jupiter.api.function.Executable work) {
        String said = String.valueOf(assertThrows(IllegalArgumentException.class, work).getMessage());
        assertTrue(said.contains(why), said);
    }
}
