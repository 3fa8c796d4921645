package s4j.train.compare;

import java.util.Locale;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.train.config.TrainConfig;
import s4j.train.run.RunDirectory;
import java.nio.file.Path;

/**
 * One run of a comparison.
 *
 * @param model its name
 * @param title for people
 * @param lr learning rate
 * @param seed of initialisation, order and dropout
 * @param config of the run
 * @param run where it is kept
 */
record Member(String model, String title, double lr, long seed, TrainConfig config, RunDirectory run) {
    /** A run of a sized model below a comparison's directory. */
    static Member of(String model, TrainConfig sized, double factor, long seed, Path directory) {
        double lr = Double.parseDouble(String.format(Locale.ROOT, "%.3g", sized.optimizer().lr() * factor));
        Path run = directory.resolve("runs").resolve("%s-lr%s-seed%d".formatted(model, lr, seed));
        ConfigTree tree = sized.tree().with("optimizer.lr", value(lr)).with("train.seed", value(seed)).with("run.dir",
                value(run.toString()));
        return new Member(model, "%s, lr %s, seed %d".formatted(model, lr, seed), lr, seed, TrainConfig.of(tree),
                new RunDirectory(run));
    }

    private static ConfigTree value(Object value) { return ConfigTree.of(value, new Origin("comparison")); }
}
