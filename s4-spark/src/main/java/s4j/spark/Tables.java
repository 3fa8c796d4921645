package s4j.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/** Tables with a row for each step, as a row for each key: its steps {@code (time, stamp, values)} in the order of time. */
final class Tables {
    static final String STEPS = "steps";
    /** In a step. */
    static final int TIME = 0;
    static final int STAMP = 1;
    static final int VALUES = 2;

    private Tables() {}

    /**
     * Groups.
     *
     * @throws IllegalArgumentException where a column is not there, or no number
     */
    static Dataset<Row> grouped(Dataset<Row> data, String key, String time, List<String> values) {
        StructType schema = data.schema();
        Stream.concat(Stream.of(key, time), values.stream()).forEach(c -> require(schema, c));
        for (String v : values) {
            if (!(schema.apply(v).dataType() instanceof NumericType)) {
                throw new IllegalArgumentException("column " + v + " is " + schema.apply(v).dataType().simpleString()
                        + "; expected numbers");
            }
        }
        Column step = struct(col(time).as("time"), col(time).cast(DataTypes.StringType).as("stamp"), functions.array(
                values.stream().map(v -> col(v).cast(DataTypes.DoubleType)).toArray(Column[]::new)).as("values"));
        return data.groupBy(col(key)).agg(sort_array(collect_list(step)).as(STEPS));
    }

    static void require(StructType schema, String column) {
        if (!List.of(schema.fieldNames()).contains(column)) {
            throw new IllegalArgumentException("no column " + column + "; expected one of " + String.join(", ", schema
                    .fieldNames()));
        }
    }
}
