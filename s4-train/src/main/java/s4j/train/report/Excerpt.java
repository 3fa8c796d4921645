package s4j.train.report;

import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.data.SequenceSet.Picture;

/**
 * A piece of the data to look at.
 *
 * @param samples in [−1, 1]
 * @param sampleRate samples per second
 * @param spectrogram of them; null: none
 */
public record Excerpt(float[] samples, int sampleRate, @Nullable Picture spectrogram) {
    private static final int POINTS = 600;

    String html() {
        LineChart wave = waveform(520, 270);
        StringBuilder out = new StringBuilder("<div class=\"charts\"><figure><figcaption>Waveform</figcaption>");
        out.append(wave.svg()).append("</figure>");
        if (spectrogram != null) {
            out.append("<figure><figcaption>Spectrogram, 0 to ").append(Html.number(sampleRate / 2.0))
                    .append(" Hz</figcaption>")
                    .append(new GrayImage(spectrogram).html("Spectrogram of the excerpt: time to the right, frequency "
                            + "upwards, louder is brighter", "100%"))
                    .append("</figure>");
        }
        return out.append("</div>").toString();
    }

    /** The least and the greatest sample of each stretch: what an editor draws. */
    private LineChart waveform(int width, int height) {
        int stretch = Math.max(1, Math.ceilDiv(2 * samples.length, POINTS));
        int n = Math.ceilDiv(samples.length, stretch);
        double[] x = new double[2 * n];
        double[] y = new double[2 * n];
        for (int i = 0; i < n; i++) {
            int from = i * stretch;
            double min = samples[from];
            double max = samples[from];
            for (int t = from; t < Math.min(samples.length, from + stretch); t++) {
                min = Math.min(min, samples[t]);
                max = Math.max(max, samples[t]);
            }
            x[2 * i] = (double) from / sampleRate;
            x[2 * i + 1] = (double) from / sampleRate;
            y[2 * i] = min;
            y[2 * i + 1] = max;
        }
        return new LineChart("Waveform", "The samples of the excerpt over time", "seconds",
                List.of(new LineChart.Series("sample", x, y, false)), width, height);
    }
}
