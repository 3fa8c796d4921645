package s4j.config;

import java.nio.file.Path;

/**
 * Where a configuration value was written, for messages.
 *
 * @param place e.g. {@code configs/model/s4.yaml:7} or {@code command line: model.n_layers=3}
 */
public record Origin(String place) {
    /** Of values that nobody wrote: the records' defaults. */
    public static final Origin DEFAULTS = new Origin("defaults");

    /** A line of a file, counted from 1. */
    public static Origin file(String file, int line) {
        return new Origin(file + ":" + line);
    }

    /** A word of the command line. */
    public static Origin commandLine(String word) {
        return new Origin("command line: " + word);
    }

    /** The configuration inside a model file. */
    public static Origin model(Path file) {
        return new Origin("model file " + file);
    }

    @Override
    public String toString() { return place; }
}
