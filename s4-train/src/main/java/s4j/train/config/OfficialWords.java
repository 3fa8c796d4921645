package s4j.train.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;

/**
 * Command lines of the official repository, as people paste them: {@code +key=value} and {@code ++key=value} are
 * {@code key=value}; keys of Hydra, Lightning and W&amp;B that mean nothing here are passed over where they change nothing, and
 * refused with what does it here where they would.
 */
public final class OfficialWords {
    /**
     * One official key.
     *
     * @param harmless the values that change nothing; empty: any
     * @param instead what to write for others
     */
    private record Entry(List<String> harmless, String instead) {}

    private static final String OFFICIAL_LR = "model.layer.lr=null";
    /** In the official code no rate of its own: that of the optimizer. */
    private static final String OUR_LR = "model.layer.lr={A: null, B: null, C: null, dt: null}";

    private static final Map<String, Entry> TABLE = table();

    private static Map<String, Entry> table() {
        Map<String, Entry> out = new TreeMap<>();
        out.put("wandb",
                new Entry(List.of("null", "false"), "nothing: metrics.csv and report.html hold what W&B would"));
        out.put("hydra.run.dir", new Entry(List.of("."), "run.dir=PATH"));
        out.put("hydra", new Entry(List.of(), ""));
        out.put("callbacks", new Entry(List.of(), ""));
        out.put("trainer.devices", new Entry(List.of("1", "auto", "null", "[0]"),
                "trainer.threads=N for N threads of a CPU, or ./s4 launch --workers N train … for N processes"));
        out.put("trainer.gpus", new Entry(List.of("0", "1", "null"), "trainer.device=cuda: one device"));
        out.put("trainer.num_nodes",
                new Entry(List.of("1"), "one process a machine in the environment of torchrun: docs/scale-out.md"));
        out.put("trainer.accelerator", new Entry(List.of("cpu", "auto", "null"), "trainer.device=cuda"));
        out.put("trainer.strategy", new Entry(List.of("auto", "null"),
                "./s4 launch --workers N train …, which averages gradients as DDP does"));
        out.put("trainer.precision", new Entry(List.of("32", "32-true"), "nothing: training is float32"));
        out.put("trainer.max_steps", new Entry(List.of("-1", "null"),
                "trainer.max_epochs=N and trainer.limit_train_batches=N"));
        out.put("trainer.resume_from_checkpoint", new Entry(List.of("null"), "train.ckpt=PATH"));
        out.put("trainer.check_val_every_n_epoch", new Entry(List.of("1"), "nothing: each epoch is validated"));
        out.put("trainer.val_check_interval", new Entry(List.of("1.0", "null"), "nothing: each epoch is validated"));
        for (String key : List.of("trainer.enable_progress_bar", "trainer.progress_bar_refresh_rate",
                "trainer.weights_summary", "trainer.enable_model_summary", "trainer.profiler", "trainer.benchmark",
                "trainer.deterministic", "trainer.num_sanity_val_steps", "loader.num_workers", "loader.pin_memory",
                "loader.persistent_workers", "train.name", "train.verbose")) {
            out.put(key, new Entry(List.of(), ""));
        }
        return out;
    }

    /**
     * The words in our own language.
     *
     * @param say told, one line each, what is passed over
     * @throws ConfigException for what would change something
     */
    public static List<String> translate(List<String> words, Consumer<String> say) {
        List<String> out = new ArrayList<>();
        for (String word : words) {
            String plain = word.matches("\\+{1,2}[^+=]+=(?s:.*)") ? word.replaceFirst("^\\+{1,2}", "") : word;
            if (plain.equals(OFFICIAL_LR)) {
                out.add(OUR_LR);
            } else if (!passedOver(plain, say)) {
                out.add(plain);
            }
        }
        return List.copyOf(out);
    }

    private static boolean passedOver(String word, Consumer<String> say) {
        String bare = word.startsWith("~") ? word.substring(1) : word;
        int equals = bare.indexOf('=');
        String key = equals < 0 ? bare : bare.substring(0, equals).strip();
        Entry entry = entry(key);
        if (entry == null || TrainConfig.DEFAULTS.tree().find(key) != null) {
            return false;
        }
        String value = equals < 0 ? "null" : bare.substring(equals + 1).strip();
        if (!entry.harmless.isEmpty() && !entry.harmless.contains(value)) {
            throw new ConfigException("%s is a key of the official command and would change the run; here it is %s"
                    .formatted(word, entry.instead));
        }
        say.accept("note: " + word + " is a key of the official command that changes nothing here; passed over");
        return true;
    }

    /** The entry of a key or of the map that it stands in. */
    private static @Nullable Entry entry(String key) {
        for (String at = key;; at = at.substring(0, at.lastIndexOf('.'))) {
            Entry found = TABLE.get(at);
            if (found != null || at.lastIndexOf('.') < 0) {
                return found;
            }
        }
    }

    private OfficialWords() {}
}
