package s4j.generate;

import org.jspecify.annotations.Nullable;
import s4j.audio.Waveform;

/**
 * Noise that a sample has run into: one unlikely token leads to less likely ones until the model hears nothing but noise. It
 * rarely finds back, so the end is looked at: the last second, or the last quarter of less than four seconds, against windows
 * as long within the first half (and the prefix). A sample has run away when its end
 *
 * <ul>
 * <li>is loud: RMS more than 3 times that of the loudest such window, and above 0.05;
 * <li>is noise: crosses zero in more than 0.3 of its steps (white noise: 0.5, a voice: below 0.1), more than 1.5 times as often
 * as any such window, at an RMS of at least 0.2;
 * <li>clips: more than 5 % of it lies on the lowest or the highest level, and more than 3 times what any such window has.
 * </ul>
 *
 * <p>A rule of thumb, made to be heard about, not to be relied on: music may be meant to end like that.
 *
 * @param kind which of the three
 * @param measured of the end
 * @param before the largest of the windows before
 */
public record Runaway(Kind kind, double measured, double before) {
    private static final int SHORTEST = 64;

    /** What the end is. */
    public enum Kind {
        LOUD, NOISE, CLIPPED
    }

    /** What was found at the end of a sound; null: nothing. */
    public static @Nullable Runaway in(Waveform sound, float lowest, float highest) {
        float[] x = sound.samples();
        int window = Math.min(sound.sampleRate(), x.length / 4);
        if (window < SHORTEST) {
            return null;
        }
        Window end = Window.of(x, x.length - window, window, lowest, highest);
        Window before = new Window(0, 0, 0);
        for (int at = 0; at + window <= Math.max(window, x.length / 2); at += Math.max(1, window / 2)) {
            before = before.larger(Window.of(x, at, window, lowest, highest));
        }
        if (end.rms > 3 * before.rms && end.rms > 0.05) {
            return new Runaway(Kind.LOUD, end.rms, before.rms);
        }
        if (end.crossings > 0.3 && end.crossings > 1.5 * before.crossings && end.rms >= 0.2) {
            return new Runaway(Kind.NOISE, end.crossings, before.crossings);
        }
        if (end.clipped > 0.05 && end.clipped > 3 * before.clipped) {
            return new Runaway(Kind.CLIPPED, end.clipped, before.clipped);
        }
        return null;
    }

    /** For people, with what to do about it. */
    public String message() {
        String what = switch (kind) {
            case LOUD -> "its end is far louder than what came before (RMS %.2f, before %.2f)";
            case NOISE -> "its end sounds like noise (crosses zero in %.2f of its steps, before in %.2f)";
            case CLIPPED -> "its end clips (%.2f of it, before %.2f)";
        };
        return String.format(java.util.Locale.ROOT, what, measured, before)
                + "; try a lower temperature (0.9), top-p 0.95, or another seed";
    }

    /** Measures of a stretch of sound. */
    private record Window(double rms, double crossings, double clipped) {
        static Window of(float[] x, int from, int size, float lowest, float highest) {
            double squares = 0;
            int crossings = 0;
            int clipped = 0;
            for (int t = from; t < from + size; t++) {
                squares += (double) x[t] * x[t];
                crossings += t > from && (x[t] < 0) != (x[t - 1] < 0) ? 1 : 0;
                clipped += x[t] <= lowest || x[t] >= highest ? 1 : 0;
            }
            return new Window(Math.sqrt(squares / size), (double) crossings / size, (double) clipped / size);
        }

        Window larger(Window o) {
            return new Window(Math.max(rms, o.rms), Math.max(crossings, o.crossings), Math.max(clipped, o.clipped));
        }
    }
}
