package s4j.train.task;

import java.util.ArrayList;
import java.util.List;
import s4j.data.SpeechTrack.Spoken;
import s4j.predict.Spotter.Event;

/**
 * How well events tell what was said. An event finds the first word of its name that was not found yet, whose recording had begun by
 * then and was over for no longer than the tolerance; any other event is a false alarm.
 *
 * @param words that were said
 * @param found of them
 * @param falseAlarms events that found none
 * @param hours of sound
 * @param latency seconds from the end of a found word's recording to its event, ascending; below 0 while it still went on
 */
public record SpottingScore(int words, int found, int falseAlarms, double hours, double[] latency) {
    /** As the published streaming evaluation has it, seconds. */
    public static final double TOLERANCE = 1.5;

    /** Of events in their order. */
    public static SpottingScore of(List<Event> events, List<Spoken> spoken, double tolerance, double hours) {
        boolean[] done = new boolean[spoken.size()];
        List<Double> late = new ArrayList<>();
        int wrong = 0;
        for (Event event : events) {
            int hit = -1;
            for (int i = 0; i < done.length && hit < 0; i++) {
                Spoken s = spoken.get(i);
                boolean fits = !done[i] && s.word().equals(event.word()) && s.from() <= event.seconds()
                        && event.seconds() <= s.to() + tolerance;
                hit = fits ? i : -1;
            }
            if (hit < 0) {
                wrong++;
            } else {
                done[hit] = true;
                late.add(event.seconds() - spoken.get(hit).to());
            }
        }
        double[] latency = late.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new SpottingScore(spoken.size(), latency.length, wrong, hours, latency);
    }

    /** Share of the words that were not found. */
    public double missRate() {
        return words == 0 ? 0 : 1 - (double) found / words;
    }

    /** False alarms per hour. */
    public double alarmsPerHour() { return falseAlarms / hours; }

    /** A quantile of the latency; NaN when nothing was found. */
    public double latencyAt(double share) {
        return latency.length == 0 ? Double.NaN : latency[(int) Math.round(share * (latency.length - 1))];
    }
}
