package s4j.data.forecast;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.data.SequenceSet;
import s4j.model.SequenceBatch;
import s4j.model.Targets;

/**
 * Windows of series, drawn as they are asked for: a window at {@code cut} sees steps before it and forecasts those from it on.
 */
public final class Windows implements SequenceSet {
    final WindowLayout layout;
    private final List<Part> parts;
    private final int[] first;
    private final @Nullable LinearPart linear;

    /**
     * Windows of a series, one a step.
     *
     * @param input the series
     * @param cut of the first window
     * @param count of windows
     */
    public record Part(SeriesInput input, int cut, int count) {}

    /** Windows of several series, one after the other. */
    public Windows(WindowLayout layout, List<Part> parts) {
        this(layout, parts, null);
    }

    /** With a linear model, of which a network sees and forecasts what it leaves. */
    Windows(WindowLayout layout, List<Part> parts, @Nullable LinearPart linear) {
        this.layout = layout;
        this.linear = linear;
        this.parts = List.copyOf(parts);
        this.first = new int[parts.size() + 1];
        for (int i = 0; i < parts.size(); i++) {
            first[i + 1] = Math.addExact(first[i], parts.get(i).count());
        }
    }

    /** The same with a linear part; null: with none. */
    Windows with(@Nullable LinearPart part) {
        return new Windows(layout, parts, part);
    }

    @Override
    public int size() { return first[parts.size()]; }

    /** The series of window {@code i}. */
    SeriesInput input(int i) { return parts.get(part(i)).input(); }

    /** The first forecast step of window {@code i}. */
    int cut(int i) {
        int p = part(i);
        return parts.get(p).cut() + i - first[p];
    }

    private int part(int i) {
        int p = Arrays.binarySearch(first, i);
        int at = p >= 0 ? p : -p - 2;
        while (parts.get(at).count() == 0) {
            at++;
        }
        return at;
    }

    @Override
    @SuppressWarnings("NullAway") // does not see in class files that arrays of lengths and mask may be null
    public SequenceBatch batch(int[] indices) {
        int b = indices.length;
        int width = layout.width();
        int wanted = layout.wanted().size();
        float[] x = new float[Math.multiplyExact(b, layout.length() * width)];
        float[] y = new float[b * layout.horizon() * wanted];
        float[] mask = new float[y.length];
        Targets.Frame frame = Targets.Frame.of(b, layout.horizon(), wanted);
        boolean all = true;
        for (int i = 0; i < b; i++) {
            SeriesInput input = input(indices[i]);
            int cut = cut(indices[i]);
            inputs(input, cut, x, i * layout.length() * width, frame, i);
            if (linear != null) {
                linear.place(input, cut, layout.wanted(), frame, i);
            }
            all &= targets(input, cut, y, mask, i * layout.horizon() * wanted, frame);
        }
        return new SequenceBatch(b, layout.length(), width, x, null,
                new Targets.Values(layout.horizon(), wanted, y, all ? null : mask, frame));
    }

    /** Writes an input, and the location and scale of the wanted channels of window {@code i}. */
    private void inputs(SeriesInput in, int cut, float[] x, int at, Targets.Frame frame, int i) {
        int d = layout.width();
        for (int c = 0; c < layout.columns(); c++) {
            boolean ahead = c >= layout.channels() + layout.past();
            int steps = ahead ? layout.length() : layout.context();
            for (int t = 0; t < steps; t++) {
                x[at + t * d + c] = in.value(c, cut - layout.context() + t);
            }
        }
        for (int k = 0; k < layout.calendar().size(); k++) {
            for (int t = 0; t < layout.length(); t++) {
                x[at + t * d + layout.columns() + k] = layout.calendar().get(k)
                        .feature(in.series.axis().local(cut - layout.context() + t));
            }
        }
        layout.statics().write(in.series, x, at + layout.columns() + layout.calendar().size(), d, layout.length());
        for (int c = 0; c < layout.channels(); c++) {
            float location = layout.normalization().location(x, at + c, d, layout.context());
            float scale = layout.normalization().scale(x, at + c, d, layout.context());
            for (int t = 0; t < layout.context() && layout.normalization().ofInputs(); t++) {
                x[at + t * d + c] = (x[at + t * d + c] - location) / scale;
            }
            int w = layout.wanted().indexOf(c);
            if (w >= 0) {
                int wanted = layout.wanted().size();
                frame.unit(i * wanted + w, in.scaling.mean()[c], in.scaling.std()[c]);
                for (int t = 0; t < layout.horizon(); t++) {
                    frame.set((i * layout.horizon() + t) * wanted + w, location, scale);
                }
            }
        }
    }

    /** Whether all targets are known. */
    private boolean targets(SeriesInput in, int cut, float[] y, float[] mask, int at, Targets.Frame frame) {
        boolean all = true;
        int wanted = layout.wanted().size();
        for (int t = 0; t < layout.horizon(); t++) {
            for (int w = 0; w < wanted; w++) {
                float v = in.known(layout.wanted().get(w), cut + t);
                boolean known = !Float.isNaN(v);
                int i = at + t * wanted + w;
                y[i] = known ? frame.normalised(v, i) : 0;
                mask[i] = known ? 1 : 0;
                all &= known;
            }
        }
        return all;
    }
}
