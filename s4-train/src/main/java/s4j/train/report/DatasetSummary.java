package s4j.train.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.model.Targets;

/**
 * What a data set holds, in numbers.
 *
 * @param splits by name: train, validation, test
 * @param ranges of each value of a step in training, in the data's own unit; none of tokens
 */
public record DatasetSummary(Map<String, Split> splits, List<Range> ranges) {
    private static final int AT_ONCE = 64;

    /**
     * One split.
     *
     * @param size sequences
     * @param shortest steps; 0 of an empty split
     * @param longest steps
     * @param steps of all sequences
     * @param classes how many sequences (or steps) each class has; empty where there are none
     * @param target range of the first number to predict, in its own unit; null: there is none
     */
    public record Split(int size, int shortest, int longest, long steps, long[] classes, @Nullable Range target) {
        /** Steps of a sequence, for people. */
        public String lengths() {
            return shortest == longest
                    ? String.format(Locale.ROOT, "%,d", longest)
                    : String.format(Locale.ROOT, "%,d to %,d, on average %.1f", shortest, longest,
                            (double) steps / size);
        }
    }

    /** Least and greatest value, mean and standard deviation. */
    public record Range(double min, double max, double mean, double std) {
        /** For people. */
        public String words() {
            return "%s to %s, mean %s, std %s".formatted(Html.number(min), Html.number(max), Html.number(mean),
                    Html.number(std));
        }
    }

    /** Looks at every sequence once. */
    public static DatasetSummary of(Dataset data) {
        Sums[] sums = new Sums[data.tokens() ? 0 : data.dInput()];
        Arrays.setAll(sums, c -> new Sums(scale(data, "data.std", c, 1), scale(data, "data.mean", c, 0)));
        Map<String, Split> splits = new LinkedHashMap<>();
        splits.put("train", split(data, data.train(), sums));
        splits.put("validation", split(data, data.validation(), new Sums[0]));
        splits.put("test", split(data, data.test(), new Sums[0]));
        return new DatasetSummary(splits, Arrays.stream(sums).map(Sums::range).toList());
    }

    private static double scale(Dataset data, String tensor, int channel, double otherwise) {
        TensorData t = data.transform().get(tensor);
        return t == null ? otherwise : t.get(t.size() == 1 ? 0 : channel);
    }

    private static Split split(Dataset data, SequenceSet set, Sums[] channels) {
        long[] classes = new long[switch (data.targets()) {
            case TargetSpec.Classes c -> c.names().size();
            case TargetSpec.StepClasses s -> s.count();
            case TargetSpec.Values v -> 0;
        }];
        Sums target = data.targets() instanceof TargetSpec.Values v
                ? new Sums(v.std().getFirst(), v.mean().getFirst())
                : new Sums(1, 0);
        int shortest = set.size() == 0 ? 0 : Integer.MAX_VALUE;
        int longest = 0;
        long steps = 0;
        for (int from = 0; from < set.size(); from += AT_ONCE) {
            int start = from;
            int[] indices = new int[Math.min(AT_ONCE, set.size() - from)];
            Arrays.setAll(indices, i -> start + i);
            SequenceBatch batch = set.batch(indices);
            for (int i = 0; i < batch.size(); i++) {
                shortest = Math.min(shortest, batch.stepsOf(i));
                longest = Math.max(longest, batch.stepsOf(i));
                values(batch, i, channels);
                targets(batch, i, classes, target);
            }
            steps += batch.realSteps();
        }
        return new Split(set.size(), shortest, longest, steps, classes, target.n == 0 ? null : target.range());
    }

    private static void values(SequenceBatch batch, int i, Sums[] channels) {
        int d = batch.features();
        for (int t = 0; t < batch.stepsOf(i) && channels.length > 0; t++) {
            for (int c = 0; c < d; c++) {
                channels[c].add(batch.x()[(i * batch.length() + t) * d + c]);
            }
        }
    }

    private static void targets(SequenceBatch batch, int i, long[] classes, Sums target) {
        switch (batch.targets()) {
            case Targets.Classes c -> classes[c.classes()[i]]++;
            case Targets.StepClasses s -> {
                for (int t = 0; t < batch.stepsOf(i); t++) {
                    int k = s.classes()[i * batch.length() + t];
                    if (k != Targets.NONE) {
                        classes[k]++;
                    }
                }
            }
            case Targets.Values v -> {
                int first = i * v.steps() * v.features();
                if (v.mask() == null || v.mask()[first] > 0) {
                    target.add(v.values()[first]);
                }
            }
            case null -> {
                // nothing is to be predicted
            }
        }
    }

    /** The same as lines of text. */
    public List<String> lines(Dataset data) {
        List<String> out = new ArrayList<>();
        splits.forEach((name, s) -> out.add(String.format(Locale.ROOT, "%-11s %,9d sequences%s", name, s.size,
                s.size == 0 ? "" : " of " + s.lengths() + " steps")));
        for (int c = 0; c < Math.min(ranges.size(), 12); c++) {
            out.add("value %-5d %s".formatted(c + 1, ranges.get(c).words()));
        }
        if (ranges.size() > 12) {
            out.add("            and " + (ranges.size() - 12) + " values more");
        }
        if (data.targets() instanceof TargetSpec.Classes names) {
            out.add("%-24s %8s %10s %6s".formatted("class", "train", "validation", "test"));
            for (int k = 0; k < names.names().size(); k++) {
                int own = k;
                Object[] counts = splits.values().stream().map(s -> s.classes[own]).toArray();
                out.add(String.format(Locale.ROOT, "  %-22s ", names.names().get(k))
                        + String.format(Locale.ROOT, "%,8d %,10d %,6d", counts));
            }
        }
        splits.forEach((name, s) -> {
            if (s.target != null) {
                out.add("%-11s target %s".formatted(name, s.target.words()));
            }
        });
        return out;
    }

    /** Sums of one value, back in its own unit. */
    private static final class Sums {
        private final double std;
        private final double mean;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private double sum;
        private double squares;
        private long n;

        Sums(double std, double mean) {
            this.std = std;
            this.mean = mean;
        }

        void add(double v) {
            min = Math.min(min, v);
            max = Math.max(max, v);
            sum += v;
            squares += v * v;
            n++;
        }

        /** Sums are over scaled values, which are small: the variance does not cancel. */
        Range range() {
            double average = sum / n;
            return new Range(restored(min), restored(max), restored(average),
                    std * Math.sqrt(Math.max(0, squares / n - average * average)));
        }

        /** In its own unit; what is but the rounding of a scaled 0 is 0. */
        private double restored(double v) {
            double own = v * std + mean;
            return Math.abs(own) < 1e-6 * std ? 0 : own;
        }
    }
}
