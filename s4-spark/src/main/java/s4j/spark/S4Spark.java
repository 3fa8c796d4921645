package s4j.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
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
        Broadcast<byte[]> shared = JavaSparkContext.fromSparkContext(data.sparkSession().sparkContext()).broadcast(
                model);
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
        Column step = struct(col(time).as("t"), functions.array(values.stream().map(v -> col(v).cast("double")).toArray(
                Column[]::new)).as("v"));
        Dataset<Row> grouped = data.groupBy(col(key))
                .agg(flatten(functions.transform(sort_array(collect_list(step)), s -> s
                        .getField("v"))).as(series));
        return transform(grouped, model, series, output).drop(series);
    }

    /**
     * Makes a function of SQL: {@code SELECT name(values) FROM …}, an array of probabilities or numbers; null where there is no prediction.
     *
     * @param name of the function
     */
    public static void register(SparkSession spark, String name, byte[] model) {
        Scorer.of(model);
        Broadcast<byte[]> shared = JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(model);
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
        if (!List.of(before.fieldNames()).contains(input)) {
            throw new IllegalArgumentException("no column " + input + "; expected one of " + String.join(", ", before
                    .fieldNames()));
        }
        if (!(before.apply(input).dataType() instanceof ArrayType type && Stream.of(DataTypes.FloatType,
                DataTypes.DoubleType, DataTypes.IntegerType, DataTypes.LongType)
                .anyMatch(type.elementType()::equals))) {
            throw new IllegalArgumentException(
                    "column " + input + " is " + before.apply(input).dataType().simpleString()
                            + "; expected an array of numbers");
        }
        List<StructField> fields = new ArrayList<>(List.of(before.fields()));
        ArrayType numbers = DataTypes.createArrayType(DataTypes.DoubleType);
        fields.add(DataTypes.createStructField(output, scorer.classifies() ? DataTypes.StringType : numbers, true));
        if (scorer.classifies()) {
            fields.add(DataTypes.createStructField(output + PROBABILITIES, numbers, true));
        }
        fields.add(DataTypes.createStructField(output + ERROR, DataTypes.StringType, true));
        return DataTypes.createStructType(fields);
    }
}
