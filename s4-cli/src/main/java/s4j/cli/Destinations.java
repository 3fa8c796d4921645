package s4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.train.run.RunDirectory;
import s4j.train.run.RunException;

/** Where a command will write, looked at before the work: in a directory that is there, over nothing that it reads, each apart. */
final class Destinations {
    private final List<Path> inputs = new ArrayList<>();
    private final List<Path> taken = new ArrayList<>();
    private final List<String> options = new ArrayList<>();

    /** Of a command that reads such files; null: it does not. */
    static Destinations over(@Nullable Path... inputs) {
        Destinations all = new Destinations();
        for (Path input : inputs) {
            if (input != null) {
                all.inputs.add(input);
            }
        }
        return all;
    }

    /**
     * An option with its file; null: not given.
     *
     * @throws RunException when it cannot be written, is read, or is another option's
     */
    Destinations and(String option, @Nullable Path file) throws IOException {
        if (file == null) {
            return this;
        }
        GeneratedFiles.requireDirectory(option, file);
        for (Path input : inputs) {
            GeneratedFiles.requireDirectory(option, file, input);
        }
        int same = taken.indexOf(whole(file));
        if (same >= 0 && (!Files.exists(file) || Files.isRegularFile(file))) {
            throw new RunException(
                    "%s and %s are both %s; expected a file for each".formatted(options.get(same), option,
                            file));
        }
        taken.add(whole(file));
        options.add(option);
        return this;
    }

    /**
     * A directory that a command writes into, made where it is missing.
     *
     * @throws RunException when it cannot be made, or takes no file
     */
    static Path directory(String option, Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new RunException("%s %s: %s; expected a directory to write into. Choose another".formatted(option,
                    directory, RunDirectory.reason(e)), e);
        }
        if (!Files.isWritable(directory)) {
            throw new RunException(
                    option + " " + directory + ": nothing can be written in it. Choose another directory");
        }
        return directory;
    }

    private static Path whole(Path file) throws IOException {
        return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath().normalize();
    }

    private Destinations() {}
}
