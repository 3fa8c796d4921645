package s4j.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import s4j.predict.Predictor;

/** An executor's JVM that dies while rows are scored: {@code kill -9}, in the middle of a stage. */
@ExtendWith(Cluster.class)
final class DeadExecutorTest {
    private static final int ROWS = 160;
    private static final int PARTS = 16;
    private static final long SLOW_MILLIS = 15;

    /** The series, each some time after the one before, so that there is a middle. */
    private static Dataset<Row> slow() {
        UDF1<Object, Object> later = v -> {
            Thread.sleep(SLOW_MILLIS);
            return v;
        };
        Cluster.spark().udf().register("later", later, DataTypes.createArrayType(DataTypes.DoubleType));
        return SparkTest.data(ROWS).repartition(PARTS).withColumn("values", functions.callUDF("later",
                functions.col("values")));
    }

    @Test
    void theRowsAreThoseOfAPlainLoopNoneLostNoneTwice() throws Exception {
        Cluster.whole();
        Predictor plain = SparkTest.predictor();
        List<Row> rows;
        try (Killer killer = new Killer(3)) {
            rows = S4Spark.transform(slow(), SparkTest.model(), "values", "kind").collectAsList();
            assertEquals(1, killer.removed(), "the driver lost an executor");
        }
        List<Integer> ids = new ArrayList<>(rows.stream().map(r -> r.getInt(0)).toList());
        ids.sort(null);
        assertEquals(IntStream.range(0, ROWS).boxed().toList(), ids);
        for (Row row : rows) {
            double[] expected = plain.probabilities(List.of(SparkTest.series(row.getInt(0)))).getFirst();
            assertArrayEquals(expected, SparkTest.doubles(row, "kind_probabilities"), 1e-6, "row " + row.getInt(0));
            assertNull(row.getAs("kind_error"));
        }
    }
}
