package s4j.model;

import java.util.List;
import s4j.config.Key;
import s4j.config.Range;

/**
 * What a data set's targets are, for all of its sequences: together with the {@link ObjectiveConfig} it says how wide a network's
 * output is and what it means. It stands in the model file under {@value #KEY}.
 */
public sealed interface TargetSpec {
    /** Where it stands in a model file's configuration. */
    String KEY = "targets";

    /** The kind's word. */
    String name();

    /**
     * A class of each sequence.
     *
     * @param name {@code classes}
     * @param names of the classes, class 0 first
     */
    record Classes(@Key("_name_") String name, List<String> names) implements TargetSpec {
        public static final Classes DEFAULTS = new Classes("classes", List.of());

        /** Classes of these names. */
        public static Classes of(List<String> names) {
            return new Classes("classes", names);
        }

        /** Keeps a copy. */
        public Classes {
            names = List.copyOf(names);
        }
    }

    /**
     * A class of each step, e.g. the next token.
     *
     * @param name {@code step_classes}
     * @param count how many classes there are
     * @param unit what a step is, e.g. sample, character, word
     */
    record StepClasses(@Key("_name_") String name, @Range(min = 1) int count, String unit) implements TargetSpec {
        public static final StepClasses DEFAULTS = new StepClasses("step_classes", 1, "sample");

        /** So many classes of such steps. */
        public static StepClasses of(int count, String unit) {
            return new StepClasses("step_classes", count, unit);
        }

        /** So many classes. */
        public static StepClasses of(int count) { return of(count, DEFAULTS.unit); }
    }

    /**
     * Numbers of each sequence, {@code [t, d]}. A network learns (v − mean) / std.
     *
     * @param name {@code values}
     * @param steps rows t
     * @param names of the numbers in a row
     * @param mean subtracted from each
     * @param std divided by, each above 0
     */
    record Values(@Key("_name_") String name, @Range(min = 1) int steps, List<String> names, List<Double> mean,
            List<Double> std) implements TargetSpec {
        public static final Values DEFAULTS = of(1, List.of("value"), List.of(0.0), List.of(1.0));

        /** Rows of such numbers. */
        public static Values of(int steps, List<String> names, List<Double> mean, List<Double> std) {
            return new Values("values", steps, names, mean, std);
        }

        /** Checks the sizes. */
        public Values {
            if (names.isEmpty() || mean.size() != names.size() || std.size() != names.size()) {
                throw new IllegalArgumentException(
                        "names: got %d, mean %d, std %d; expected one of each for every number"
                                .formatted(names.size(), mean.size(), std.size()));
            }
            names = List.copyOf(names);
            mean = List.copyOf(mean);
            std = List.copyOf(std);
        }

        /** Numbers in a row. */
        public int features() { return names.size(); }

        /** A network's number {@code v} for feature {@code i} in the data's own unit. */
        public double restored(double v, int i) {
            return v * std.get(i) + mean.get(i);
        }
    }
}
