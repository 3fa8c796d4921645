package s4j.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import scala.collection.Seq;

/** Rows of a partition with their scores, some at a time. */
final class Scored implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final Scorer scorer;
    private final int at;
    private final int together;
    private final Queue<Row> done = new ArrayDeque<>();

    /**
     * Scores as they are asked for.
     *
     * @param at column of the series
     * @param together rows that are scored at once
     */
    Scored(Iterator<Row> rows, byte[] model, int at, int together) {
        this.rows = rows;
        this.scorer = Scorer.of(model);
        this.at = at;
        this.together = together;
    }

    @Override
    public boolean hasNext() { return !done.isEmpty() || rows.hasNext(); }

    @Override
    public Row next() {
        if (done.isEmpty()) {
            score();
        }
        Row next = done.poll();
        if (next == null) {
            throw new NoSuchElementException();
        }
        return next;
    }

    private void score() {
        List<Row> some = new ArrayList<>();
        List<float @Nullable []> series = new ArrayList<>();
        while (some.size() < together && rows.hasNext()) {
            some.add(rows.next());
            series.add(floats(some.getLast().isNullAt(at) ? null : some.getLast().getSeq(at)));
        }
        List<Scorer.Score> scores = scorer.scores(series);
        for (int i = 0; i < some.size(); i++) {
            done.add(row(some.get(i), scores.get(i)));
        }
    }

    private Row row(Row before, Scorer.Score score) {
        List<@Nullable Object> out = new ArrayList<>();
        for (int i = 0; i < before.length(); i++) {
            out.add(before.get(i));
        }
        scorer.cells(score, out);
        return RowFactory.create(out.toArray());
    }

    /** An array of numbers; NaN where an element is null. */
    static float @Nullable [] floats(@Nullable Seq<?> values) {
        if (values == null) {
            return null;
        }
        float[] out = new float[values.length()];
        for (int i = 0; i < out.length; i++) {
            out[i] = values.apply(i) instanceof Number n ? n.floatValue() : Float.NaN;
        }
        return out;
    }
}
