package s4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Rows a second beside a plain loop over the runtime: no test of CI, whose names end in Test. {@code -Ds4j.rows}, {@code -Ds4j.length}. */
final class RowsBenchmark {
    @Test
    @SuppressWarnings("SystemOut")
    void rowsASecond() throws Exception {
        int n = Integer.getInteger("s4j.rows", 4_000);
        int length = Integer.getInteger("s4j.length", 784);
        byte[] model = SparkTest.model();
        List<Row> rows = new ArrayList<>();
        List<float[]> plain = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < n; i++) {
            List<Float> values = new ArrayList<>();
            float[] x = new float[2 * length];
            for (int t = 0; t < x.length; t++) {
                x[t] = (float) random.nextDouble();
                values.add(x[t]);
            }
            rows.add(RowFactory.create(i, values));
            plain.add(x);
        }
        StructType schema = new StructType().add("id", DataTypes.IntegerType).add("values", DataTypes.createArrayType(
                DataTypes.FloatType));
        for (int cores : new int[]{1, 2}) {
            try (SparkSession spark = SparkSession.builder().master("local[" + cores + "]").config("spark.ui.enabled",
                    false).getOrCreate()) {
                Dataset<Row> data = spark.createDataFrame(rows, schema).repartition(4 * cores).cache();
                assertEquals(n, data.count());
                double best = Double.MAX_VALUE;
                for (int i = 0; i < 4; i++) {
                    long start = System.nanoTime();
                    S4Spark.transform(data, model, "values", "kind").write().format("noop").mode("overwrite").save();
                    best = Math.min(best, (System.nanoTime() - start) / 1e9);
                }
                System.out.printf(java.util.Locale.ROOT, "Spark, %d cores: %.0f rows/s%n", cores, n / best);
            }
        }
        for (int cores : new int[]{1, 2}) {
            double best = Double.MAX_VALUE;
            for (int i = 0; i < 4; i++) {
                long start = System.nanoTime();
                List<Thread> threads = new ArrayList<>();
                for (int c = 0; c < cores; c++) {
                    int own = c;
                    threads.add(Thread.ofPlatform().start(() -> {
                        for (int at = own * 64; at < n; at += 64 * cores) {
                            Scorer.of(model).scores(new ArrayList<>(plain.subList(at, Math.min(n, at + 64))));
                        }
                    }));
                }
                threads.forEach(t -> {
                    try {
                        t.join();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
            System.out.printf(java.util.Locale.ROOT, "a plain loop, %d cores: %.0f rows/s%n", cores, n / best);
        }
    }
}
