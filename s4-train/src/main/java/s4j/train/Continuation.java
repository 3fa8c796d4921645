package s4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.Json;
import s4j.io.MalformedFileException;
import s4j.train.config.TrainConfig;
import s4j.train.run.Checkpoint;
import s4j.train.run.RunException;
import s4j.train.schedule.Schedule;

/** Whether a checkpoint can be continued by a run: the same configuration, data and machine give the same bits. */
final class Continuation {
    /** Keys that change no bit of training. Device and threads do, but the fingerprint looks after them. */
    private static final List<String> FREE = List.of("trainer.device", "trainer.threads", "trainer.limit_test_batches",
            "trainer.checkpoint_every_n_steps");
    /** Keys that together with the workers are the sequences of a step. */
    private static final List<String> SIZES = List.of("loader.batch_size", "trainer.accumulate_grad_batches");
    private static final Pattern WORKERS = Pattern.compile("workers=(\\d{1,6})$");
    private static final String EPOCHS = "trainer.max_epochs";

    /**
     * Refuses a configuration under which the steps already done would have been others.
     *
     * @param checkpoint where from
     * @param now the configuration of the run that continues, as plain JSON values
     * @param workers of it
     * @param anyMachine whether another number of workers may continue, with steps of as many sequences
     */
    static void checkConfig(Checkpoint checkpoint, TrainConfig config, Map<String, @Nullable Object> now, int workers,
            boolean anyMachine) throws MalformedFileException {
        // bound, so that keys which came later have the default that the steps already done were made with
        ConfigTree tree = ConfigTree.of(Json.parse(checkpoint.config(), "s4j.config of the checkpoint"),
                new Origin("s4j.config of the checkpoint"));
        TrainConfig then = TrainConfig.of(tree);
        boolean others = anyMachine && workers != workers(checkpoint.fingerprint());
        if (others) {
            requireEqualSteps(sequences(then, workers(checkpoint.fingerprint())), sequences(config, workers), config,
                    workers);
        }
        Map<String, String> before = flatten(ResolvedConfig.of(then).json());
        Map<String, String> after = flatten(now);
        before.put(EPOCHS, String.valueOf(then.trainer().epochs())); // also where they were left open
        after.put(EPOCHS, String.valueOf(config.trainer().epochs()));
        TreeSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        List<String> changes = new ArrayList<>();
        for (String key : keys) {
            boolean same = Objects.equals(before.get(key), after.get(key));
            if (same || FREE.contains(key) || (others && SIZES.contains(key))
                    || (key.equals(EPOCHS) && !Schedule.dependsOnLength(config.scheduler()))) {
                continue;
            }
            changes.add("%s was %s, is %s".formatted(key, before.getOrDefault(key, "absent"),
                    after.getOrDefault(key, "absent")));
        }
        if (!changes.isEmpty()) {
            String schedule = changes.toString().contains(EPOCHS)
                    ? " (the schedule " + config.scheduler().name().name().toLowerCase(java.util.Locale.ROOT)
                            + " follows trainer.max_epochs: the steps already done would have had other learning rates)"
                    : "";
            throw new RunException("the checkpoint's configuration differs: " + String.join("; ", changes) + schedule
                    + "; expected the one it began with. Leave these keys away, or start a new run");
        }
    }

    private static int sequences(TrainConfig config, int workers) {
        return new Division(0, workers, config.trainer().accumulateGradBatches())
                .sequences(config.loader().batchSize());
    }

    private static void requireEqualSteps(int before, int now, TrainConfig config, int workers) {
        if (before != now) {
            int each = before / workers / config.trainer().accumulateGradBatches();
            throw new RunException(
                    "a step of %d workers takes %d sequences; the checkpoint's took %d; expected as many."
                            .formatted(workers, now, before)
                            + (each * workers * config.trainer().accumulateGradBatches() == before && each > 0
                                    ? " Write loader.batch_size=" + each
                                    : " Choose workers, loader.batch_size and trainer.accumulate_grad_batches that multiply to it"));
        }
    }

    /** How many workers wrote a checkpoint. */
    static int workers(String fingerprint) {
        Matcher m = WORKERS.matcher(fingerprint);
        return m.find() ? Integer.parseInt(m.group(1)) : 1;
    }

    /** Refuses other data. */
    static void checkData(Checkpoint checkpoint, String hash) {
        if (!checkpoint.dataHash().equals(hash)) {
            throw new RunException("the data differs from the checkpoint's: hash " + hash + "; expected "
                    + checkpoint.dataHash() + ". Put the old data back, or start a new run");
        }
    }

    /** Refuses another machine, unless allowed. */
    static void checkMachine(Checkpoint checkpoint, String fingerprint, boolean allowed) {
        if (!allowed && !checkpoint.fingerprint().equals(fingerprint)) {
            throw new RunException("this machine does not continue to the same bits: it is [" + fingerprint
                    + "]; the checkpoint is of [" + checkpoint.fingerprint()
                    + "]. Continue where it began, set trainer.threads and trainer.device alike, or accept other bits"
                    + " with --allow-different-machine");
        }
    }

    static Map<String, String> flatten(@Nullable Object tree) {
        Map<String, String> out = new TreeMap<>();
        flatten("", tree, out);
        return out;
    }

    private static void flatten(String path, @Nullable Object node, Map<String, String> out) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((k, v) -> flatten(path.isEmpty() ? String.valueOf(k) : path + "." + k, v, out));
        } else {
            // 1 and 1.0 are the same number in a configuration
            Object plain = node instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1e15 ? d.longValue() : node;
            out.put(path, Json.print(plain));
        }
    }

    private Continuation() {}
}
