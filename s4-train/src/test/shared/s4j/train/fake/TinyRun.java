package s4j.train.fake;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.Dataset;
import s4j.train.LearnerFactory;
import s4j.train.Outcome;
import s4j.train.ResolvedConfig;
import s4j.train.StopRequest;
import s4j.train.Trainer;
import s4j.train.config.TrainConfig;
import s4j.train.run.RunDirectory;

/**
 * A run of a few dozen steps on stripes.
 *
 * @param run its directory
 * @param learners makes the learner
 * @param data to train on
 * @param config resolved
 * @param from checkpoint to continue
 * @param anyMachine whether another machine may continue
 * @param stop asks it to stop
 */
public record TinyRun(Path run, LearnerFactory learners, Dataset data, ResolvedConfig config, @Nullable Path from,
        boolean anyMachine, StopRequest stop) {

    /** Keys whose defaults are too large here. */
    private static final List<String> TINY = List.of("trainer.max_epochs=3", "trainer.log_every_n_steps=4",
            "loader.batch_size=10", "optimizer.lr=0.02", "scheduler._name_=cosine_warmup",
            "scheduler.num_warmup_steps=5", "model.d_model=4", "model.n_layers=1", "model.layer.d_state=4",
            "trainer.threads=1", "trainer.device=cpu");

    /** A new run with some keys of its own. */
    public static TinyRun in(Path run, String... overrides) {
        return new TinyRun(run, FakeLearner::new, new FakeData(), config(overrides), null, false, new StopRequest());
    }

    /** The tiny configuration with some keys over it. */
    public static ResolvedConfig config(String... overrides) {
        ConfigTree tree = Binder.tree(TrainConfig.DEFAULTS);
        for (List<String> words : List.of(TINY, List.of(overrides))) {
            for (String word : words) {
                int eq = word.indexOf('=');
                tree = tree.with(word.substring(0, eq), ConfigTree.of(value(word.substring(eq + 1)),
                        Origin.commandLine(word)));
            }
        }
        return ResolvedConfig.of(Binder.bind(tree, TrainConfig.class));
    }

    private static Object value(String text) {
        if (text.matches("-?[0-9]+")) {
            return Long.valueOf(text);
        }
        return text.matches("-?[0-9.]+(e-?[0-9]+)?") ? (Object) Double.valueOf(text) : text;
    }

    /** With other learners. */
    public TinyRun with(LearnerFactory other) {
        return new TinyRun(run, other, data, config, from, anyMachine, stop);
    }

    /** With other data. */
    public TinyRun with(Dataset other) {
        return new TinyRun(run, learners, other, config, from, anyMachine, stop);
    }

    /** With a way to stop it. */
    public TinyRun with(StopRequest other) {
        return new TinyRun(run, learners, data, config, from, anyMachine, other);
    }

    /** Continuing a checkpoint, as a new process would. */
    public TinyRun from(Path checkpoint) {
        return new TinyRun(run, learners, data, config, checkpoint, anyMachine, new StopRequest());
    }

    /** Continuing this run's own last checkpoint. */
    public TinyRun resumed() { return from(directory().last()); }

    /** On any machine. */
    public TinyRun anywhere() {
        return new TinyRun(run, learners, data, config, from, true, stop);
    }

    /** Where it lies. */
    public RunDirectory directory() { return new RunDirectory(run); }

    /** Runs it. */
    public Outcome go() throws IOException { return go(new PrintWriter(new StringWriter())); }

    /** Runs it and shows what it prints. */
    public Outcome go(PrintWriter out) throws IOException {
        Trainer.Job job = new Trainer.Job(config, data, learners, directory(), from, anyMachine, "test");
        return new Trainer(job, out, false, stop).run();
    }

    /** One of its files. */
    public byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(run.resolve(name));
    }
}
