package s4j.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.flatten;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import s4j.data.forecast.TimeOptions;
import scala.collection.Seq;

/**
 * A model over a DataFrame.
 *
 * <pre>
 * Dataset&lt;Row&gt; scored = S4Spark.transform(series, Files.readAllBytes(model), "values", "predicted");
 * Dataset&lt;Row&gt; table = S4Spark.transformTable(readings, model, "sensor", "time", List.of("x", "y"), "predicted");
 * </pre>
 *
 * <p>Added are {@code predicted} (the most probable class; or the numbers as an array), {@code predicted_probabilities} where the model knows classes,
 * and {@code predicted_error}: why a row has no prediction, null where it has one. No row is lost.
 */
public final class S4Spark {
    /** Behind the name of the output column. */
    static final String PROBABILITIES = "_probabilities";
    static final String ERROR = "_error";
    private static final int TOGETHER = 64;

    private S4Spark() {}

    /**
     * Scores a column of arrays, each a series {@code [l, d]} in the data's own unit.
     *
     * @param model bytes of a model file
     * @param input the column, of numbers
     * @param output the column to add
     */
    public static Dataset<Row> transform(Dataset<Row> data, byte[] model, String input, String output) {
        StructType schema = schema(data.schema(), Scorer.of(model), input, output);
        Broadcast<byte[]> shared = shared(data.sparkSession(), model);
        int at = data.schema().fieldIndex(input);
        return data
                .mapPartitions((org.apache.spark.api.java.function.MapPartitionsFunction<Row, Row>) rows -> new Scored(
                        rows, shared.value(), at, TOGETHER), Encoders.row(schema));
    }

    /**
     * Scores a table with a row for each step: of each key its steps in the order of time are one series.
     *
     * @param values columns of a step, in the model's order
     * @return a row for each key
     */
    public static Dataset<Row> transformTable(Dataset<Row> data, byte[] model, String key, String time,
            List<String> values,
            String output) {
        String series = output + "_series";
        Dataset<Row> grouped = Tables.grouped(data, key, time, values)
                .withColumn(series, flatten(functions.transform(col(
                        Tables.STEPS), s -> s.getField("values"))))
                .drop(Tables.STEPS);
        return transform(grouped, model, series, output).drop(series);
    }

    /**
     * What the model says after each step of a table, in the order of time of each key.
     *
     * @param values columns of a step, in the model's order
     * @return a row for each row of the table: key, time and the columns of {@link #transform}
     * @throws IllegalArgumentException where the model sees a whole series before it says anything
     */
    public static Dataset<Row> transformSteps(Dataset<Row> data, byte[] model, String key, String time,
            List<String> values, String output) {
        Scorer scorer = Scorer.of(model);
        String refusal = scorer.stepRefusal();
        if (refusal != null || values.size() != scorer.predictor().channels()) {
            throw new IllegalArgumentException(refusal != null
                    ? "the model says nothing at each step: " + refusal
                    : "%d columns %s; the model takes %d a step".formatted(values.size(), values, scorer.predictor()
                            .channels()));
        }
        Dataset<Row> grouped = Tables.grouped(data, key, time, values);
        List<StructField> fields = new ArrayList<>(List.of(data.schema().apply(key), data.schema().apply(time)));
        added(fields, scorer, output);
        return grouped.flatMap(new StepRows(shared(data.sparkSession(), model)),
                Encoders.row(DataTypes.createStructType(
                        fields)));
    }

    /**
     * The steps that follow each key of a table, as {@code ./s4 forecast} gives them: stamps go on as the key's own do.
     *
     * @param model bytes of a model file of task=forecasting, without static columns
     * @param time stamps: timestamps, dates, whole numbers, or text as people write it
     * @param values columns to forecast, under the names of training where the model tells them apart; its covariates have the names of training
     * @param horizon steps; 0: the model's own
     * @param levels of quantiles, each above 0 and below 1
     * @return rows {@code key, time, column, mean, quantiles, error}; of a key that has no forecast one row, with the error
     */
    public static Dataset<Row> forecast(Dataset<Row> data, byte[] model, String key, String time, List<String> values,
            int horizon, double... levels) {
        TimeOptions options = ForecastRows.model(model).options();
        if (horizon < 0 || Arrays.stream(levels).anyMatch(l -> !(l > 0 && l < 1))) {
            throw new IllegalArgumentException("horizon %d, levels %s; expected 0 or more, and shares between 0 and 1"
                    .formatted(horizon, Arrays.toString(levels)));
        }
        if (!options.statics().isEmpty()) {
            throw new IllegalArgumentException("the model has static columns " + options.statics()
                    + "; expected none. Use ./s4 forecast");
        }
        List<String> all = Stream.of(values, options.past(), options.future()).flatMap(List::stream).toList();
        DataType type = data.schema().apply(time).dataType();
        StructType schema = new StructType(new StructField[]{data.schema().apply(key)}).add(time, DataTypes.StringType)
                .add(
                        "column", DataTypes.StringType)
                .add("mean", DataTypes.DoubleType).add("quantiles", DataTypes
                        .createArrayType(DataTypes.DoubleType))
                .add("error", DataTypes.StringType);
        return Tables.grouped(data, key, time, all).flatMap(new ForecastRows(shared(data.sparkSession(), model), all,
                values.size(), horizon, levels.clone()), Encoders.row(schema)).withColumn(time, col(time).cast(type));
    }

    private static Broadcast<byte[]> shared(SparkSession spark, byte[] model) {
        return JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(model);
    }

    /**
     * Makes a function of SQL: {@code SELECT name(values) FROM …}, an array of probabilities or numbers; null where there is no prediction.
     *
     * @param name of the function
     */
    public static void register(SparkSession spark, String name, byte[] model) {
        Scorer.of(model);
        Broadcast<byte[]> shared = shared(spark, model);
        spark.udf().register(name, new Function(shared), DataTypes.createArrayType(DataTypes.DoubleType));
    }

    /** What SQL calls; looks for its model once. */
    private static final class Function implements UDF1<Seq<?>, double @Nullable []> {
        private static final long serialVersionUID = 1;

        private final Broadcast<byte[]> model;
        private transient @Nullable Scorer scorer;

        Function(Broadcast<byte[]> model) { this.model = model; }

        @Override
        public double @Nullable [] call(@Nullable Seq<?> values) {
            Scorer own = scorer;
            if (own == null) {
                own = Scorer.of(model.value());
                scorer = own;
            }
            return own.scores(Collections.singletonList(Scored.floats(values))).getFirst().values();
        }
    }

    /** The columns after a transformation. */
    static StructType schema(StructType before, Scorer scorer, String input, String output) {
        Tables.require(before, input);
        if (!(before.apply(input).dataType() instanceof ArrayType type && Stream.of(DataTypes.FloatType,
                DataTypes.DoubleType, DataTypes.IntegerType, DataTypes.LongType)
                .anyMatch(type.elementType()::equals))) {
            throw new IllegalArgumentException(
                    "column " + input + " is " + before.apply(input).dataType().simpleString()
                            + "; expected an array of numbers");
        }
        List<StructField> fields = new ArrayList<>(List.of(before.fields()));
        added(fields, scorer, output);
        return DataTypes.createStructType(fields);
    }

    /** The columns of a {@link Scorer.Score}. */
    private static void added(List<StructField> fields, Scorer scorer, String output) {
        ArrayType numbers = DataTypes.createArrayType(DataTypes.DoubleType);
        fields.add(DataTypes.createStructField(output, scorer.classifies() ? DataTypes.StringType : numbers, true));
        if (scorer.classifies()) {
            fields.add(DataTypes.createStructField(output + PROBABILITIES, numbers, true));
        }
        fields.add(DataTypes.createStructField(output + ERROR, DataTypes.StringType, true));
    }
}
