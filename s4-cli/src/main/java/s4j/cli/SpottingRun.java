package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigTree;
import s4j.data.Dataset;
import s4j.data.SpeechTrack;
import s4j.io.ModelFile;
import s4j.predict.Spotter;
import s4j.predict.Trigger;
import s4j.train.Trained;
import s4j.train.config.ConfigLoader;
import s4j.train.report.Html;
import s4j.train.report.LineChart;
import s4j.train.report.Page;
import s4j.train.run.RunException;
import s4j.train.task.SpottingScore;

/**
 * What a spotter heard of a track, at several thresholds.
 *
 * @param scores by threshold
 * @param packets seconds that each packet of 20 ms took, ascending
 * @param seconds of sound
 * @param took seconds to hear it
 */
record SpottingRun(Map<Double, SpottingScore> scores, double[] packets, double seconds, double took) {
    private static final double[] THRESHOLDS = {0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98};
    private static final double HOUR = 3600;
    private static final int PACKETS = 50;
    private static final double LOUDEST = 100;

    /** What to mix; see {@link SpeechTrack#of}. */
    record Mix(double seconds, double snr, long seed, @Nullable String dataDir) {}

    /** A track of the test recordings that a model file's data set has. */
    static SpeechTrack track(ModelFile file, String name, Parts parts, Mix mix, PrintWriter err) throws IOException {
        if (!(mix.seconds >= 10 && mix.seconds <= 6 * HOUR)) {
            throw new RunException("--evaluate: got " + mix.seconds + "; expected 10 to 21600 seconds");
        }
        if (!(Math.abs(mix.snr) <= LOUDEST)) {
            throw new RunException("--snr: got " + mix.snr + "; expected -100 to 100 dB");
        }
        List<String> words = mix.dataDir == null ? List.of() : List.of("dataset.data_dir=" + mix.dataDir);
        ConfigTree config = FilePaths.checked(Trained.of(file, name).config(), words, err::println, name);
        Dataset data = parts.datasets().load(ConfigLoader.usual(List.of()).evaluation(config, words).dataset(),
                line -> {
                    err.println(line);
                    err.flush();
                });
        return SpeechTrack.of(data, mix.seconds, mix.snr, mix.seed);
    }

    /** Listens, a packet of 20 ms at a time. */
    static SpottingRun of(Spotter spotter, SpeechTrack track) {
        if (track.sampleRate() != spotter.sampleRate()) {
            throw new RunException("the track has %d Hz, the model hears %d".formatted(track.sampleRate(),
                    spotter.sampleRate()));
        }
        List<float[]> heard = new ArrayList<>();
        Spotter.Stream stream = spotter.stream();
        stream.watch(p -> heard.add(p.clone()));
        int size = track.sampleRate() / PACKETS;
        double[] packets = new double[track.samples().length / size];
        for (int i = 0; i < packets.length; i++) {
            long start = System.nanoTime();
            stream.accept(track.samples(), i * size, size, e -> {});
            packets[i] = (System.nanoTime() - start) * 1e-9;
        }
        double took = Arrays.stream(packets).sum();
        Arrays.sort(packets);
        Map<Double, SpottingScore> scores = new LinkedHashMap<>();
        for (double threshold : THRESHOLDS) {
            scores.put(threshold, SpottingScore.of(events(spotter, heard, threshold), track.spoken(),
                    SpottingScore.TOLERANCE, track.seconds() / HOUR));
        }
        return new SpottingRun(scores, packets, track.seconds(), took);
    }

    private static List<Spotter.Event> events(Spotter spotter, List<float[]> heard, double threshold) {
        Trigger trigger = spotter.trigger(threshold);
        List<Spotter.Event> out = new ArrayList<>();
        for (int t = 0; t < heard.size(); t++) {
            int word = trigger.next(t, heard.get(t));
            if (word >= 0) {
                out.add(new Spotter.Event(t * spotter.step(), spotter.names().get(word), heard.get(t)[word]));
            }
        }
        return out;
    }

    /** The table, and what it cost. */
    List<String> lines() {
        List<String> out = new ArrayList<>();
        SpottingScore any = scores.values().iterator().next();
        out.add(String.format(Locale.ROOT, "%.0f s of sound, %,d words", seconds, any.words()));
        out.add("threshold   missed   false alarms an hour   seconds after the recording's end, median   95 %");
        scores.forEach(
                (threshold, s) -> out.add(String.format(Locale.ROOT, "%9.2f   %5.1f %%   %20.1f   %43.2f   %4.2f",
                        threshold, 100 * s.missRate(), s.alarmsPerHour(), s.latencyAt(0.5), s.latencyAt(0.95))));
        out.add(String.format(Locale.ROOT,
                "a packet of 20 ms takes %.0f µs (median; 95 %%: %.0f µs), %.0f times real time",
                1e6 * packets[packets.length / 2], 1e6 * packets[(int) (0.95 * (packets.length - 1))],
                seconds / took));
        return out;
    }

    /** The table and the curve. */
    String page(String source) {
        double[] alarms = scores.values().stream().mapToDouble(SpottingScore::alarmsPerHour).toArray();
        double[] missed = scores.values().stream().mapToDouble(s -> 100 * s.missRate()).toArray();
        String said = "Missed words in percent against false alarms an hour, thresholds 0.98 to 0.3 from left to right";
        LineChart curve = new LineChart("Misses against false alarms", said, "false alarms an hour",
                List.of(new LineChart.Series("missed, %", alarms, missed, true)), LineChart.Scale.LINEAR, 720, 320);
        StringBuilder out = new StringBuilder(Page.head("Listening: " + source));
        out.append("<h1>Listening</h1><p>").append(Html.text(source)).append("</p><figure><figcaption>")
                .append(Html.text(said)).append("</figcaption>").append(curve.figure()).append("</figure><pre>");
        lines().forEach(l -> out.append(Html.text(l)).append('\n'));
        return out.append("</pre></main></html>\n").toString();
    }
}
