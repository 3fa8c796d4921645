package s4j.train.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import s4j.train.task.Metric;

/** Where the best of the S4 family is not the best of all, in one sentence each. */
final class Losses {
    private final List<String> found = new ArrayList<>();

    static List<String> of(Metric metric, List<Standing> standings, List<Growth.Point> growth) {
        Losses losses = new Losses();
        List<Standing> some = standings.stream().filter(s -> !s.done().isEmpty()).toList();
        losses.look("test " + metric.name(), some, s -> s.test(metric.name()).mean(), metric.higherIsBetter());
        losses.look("training sequences/s", some, s -> s.spread(Result::rate).mean(), true);
        losses.look("whole sequences/s in batches", some, s -> speed(s, Speeds::batchRate), true);
        losses.look("ms of one whole sequence", some, s -> speed(s, Speeds::latency), false);
        losses.look("µs of a streamed step", some, s -> speed(s, Speeds::step), false);
        losses.look("kB of a stream's state", some, s -> speed(s, v -> Double.isFinite(v.step())
                ? v.state() / 1e3
                : Double.NaN), false);
        losses.look("MB of a training step", some, s -> s.peak() == null ? Double.NaN : s.peak().bytes() / 1e6, false);
        for (Growth.Kind kind : Growth.Kind.values()) {
            growth.stream().filter(p -> p.kind() == kind).map(Growth.Point::length).distinct().sorted().forEach(l -> {
                List<Growth.Point> at = growth.stream().filter(p -> p.kind() == kind && p.length() == l
                        && p.failure() == null).toList();
                losses.points("ms of a %s at L %,d".formatted(kind.title(), l), at, p -> 1e3 * p.seconds());
                losses.points(kind == Growth.Kind.TRAIN
                        ? "MB of a training step at L %,d".formatted(l)
                        : "kB of a stream's state at L %,d".formatted(l), at,
                        p -> p.bytes() / (kind == Growth.Kind.TRAIN
                                ? 1e6
                                : 1e3));
            });
        }
        return losses.found;
    }

    private static double speed(Standing s, ToDoubleFunction<Speeds> of) {
        return s.speeds() == null ? Double.NaN : of.applyAsDouble(s.speeds());
    }

    private record Entry(String model, double value) {
        boolean s4() { return model.startsWith("s4"); }
    }

    private void look(String what, List<Standing> all, ToDoubleFunction<Standing> of, boolean higher) {
        compare(what, all.stream().map(s -> new Entry(s.model(), of.applyAsDouble(s))).toList(), higher);
    }

    private void points(String what, List<Growth.Point> all, ToDoubleFunction<Growth.Point> of) {
        compare(what, all.stream().map(p -> new Entry(p.model(), of.applyAsDouble(p))).toList(), false);
    }

    private void compare(String what, List<Entry> all, boolean higher) {
        Comparator<Entry> order = Comparator.comparingDouble(e -> higher ? -e.value : e.value);
        List<Entry> known = all.stream().filter(e -> Double.isFinite(e.value)).sorted(order).toList();
        Optional<Entry> own = known.stream().filter(Entry::s4).findFirst();
        if (own.isEmpty() || known.getFirst().value == own.get().value) {
            return;
        }
        Entry best = known.getFirst();
        found.add(String.format(Locale.ROOT, "%s: %s has %.4g, %s %.4g", what, best.model, best.value,
                own.get().model, own.get().value));
    }
}
