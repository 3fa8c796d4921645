package s4j.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import s4j.io.ModelFile;

/**
 * What the model says at each step of a key, a row each.
 *
 * @param model bytes of a {@link ModelFile}
 */
record StepRows(Broadcast<byte[]> model) implements FlatMapFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Row grouped) {
        Scorer scorer = Scorer.of(model.value());
        List<Row> steps = grouped.getList(1);
        List<Scorer.Score> scores = scorer.steps(series(steps, scorer.predictor().channels()), steps.size());
        List<Row> out = new ArrayList<>();
        for (int t = 0; t < steps.size(); t++) {
            List<@Nullable Object> cells = new ArrayList<>();
            cells.add(grouped.get(0));
            cells.add(steps.get(t).get(Tables.TIME));
            scorer.cells(scores.get(t), cells);
            out.add(RowFactory.create(cells.toArray()));
        }
        return out.iterator();
    }

    private static float[] series(List<Row> steps, int d) {
        float[] out = new float[steps.size() * d];
        for (int t = 0; t < steps.size(); t++) {
            List<Double> values = steps.get(t).getList(Tables.VALUES);
            for (int c = 0; c < d; c++) {
                Double v = values.get(c);
                out[t * d + c] = v == null ? Float.NaN : v.floatValue();
            }
        }
        return out;
    }
}
