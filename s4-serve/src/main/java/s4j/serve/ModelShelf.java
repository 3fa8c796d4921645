package s4j.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import s4j.io.Shown;
import s4j.stream.S4Model;

/** The served models by name. A file that is replaced takes the place of the old one once it has been read whole. */
final class ModelShelf {
    /** Characters of a wrong name that a message repeats. */
    private static final int SHOWN = 100;

    private final Map<String, Served> models = new ConcurrentSkipListMap<>();

    /** Reads all files; a model's name is its file's name without the ending, or that of its directory for model.safetensors. */
    static ModelShelf of(List<Path> files) throws IOException {
        ModelShelf shelf = new ModelShelf();
        for (Path file : files) {
            String name = name(file);
            Served before = shelf.models.get(name);
            if (before != null) {
                throw new IllegalArgumentException(
                        "two models of the name %s: %s and %s; expected different names. Rename one"
                                .formatted(name, before.file(), file));
            }
            shelf.models.put(name, Served.load(name, file));
        }
        return shelf;
    }

    private static String name(Path file) {
        String own = file.getFileName().toString().replaceFirst("\\.safetensors$", "");
        Path directory = file.toAbsolutePath().normalize().getParent();
        String chosen = own.equals("model") && directory != null && directory.getFileName() != null
                ? directory.getFileName().toString()
                : own;
        return chosen.replaceAll("[^A-Za-z0-9._-]", "-");
    }

    Collection<Served> all() { return models.values(); }

    /** Whether a network is served still; one that was replaced is not. */
    boolean holds(S4Model network) {
        return models.values().stream().anyMatch(s -> s.model() == network);
    }

    Served get(String name) {
        Served found = models.get(name);
        if (found == null) {
            throw Problem
                    .notFound("no model " + Shown.text(name.substring(0, Math.min(SHOWN, name.length())))
                            + "; there are " + String.join(", ", models.keySet()));
        }
        return found;
    }

    /** The model of this name if it has this version. */
    Served get(String name, String version) {
        Served found = get(name);
        if (!found.version().equals(version)) {
            throw Problem.notFound(
                    "model %s has no version %s; it has %s".formatted(name, Shown.text(version), found.version()));
        }
        return found;
    }

    /** Reads again what was replaced since; a file that cannot be read leaves the old model in place. */
    void reload(ServerLog log) {
        for (Served old : new ArrayList<>(models.values())) {
            try {
                if (!Files.getLastModifiedTime(old.file()).equals(old.read())) {
                    Served now = Served.load(old.name(), old.file());
                    models.put(old.name(), now);
                    log.tell("model", "model %s read again: version %s, was %s".formatted(old.name(), now.version(),
                            old.version()), "model", old.name(), "version", now.version(), "before", old.version());
                }
            } catch (NoSuchFileException e) {
                // removed, or about to be replaced: what was read stays
            } catch (IOException | RuntimeException e) {
                log.tell("model", "model %s stays as it is: %s".formatted(old.name(), e.getMessage()), "model",
                        old.name(),
                        "version", old.version());
            }
        }
    }
}
