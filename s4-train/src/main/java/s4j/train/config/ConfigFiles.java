package s4j.train.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.config.Words;
import s4j.io.MalformedFileException;
import s4j.io.InputFile;

/**
 * The YAML files of the groups: {@code GROUP/CHOICE.yaml} under one of several directories; the first that has a file
 * wins.
 *
 * @param roots directories with their names in messages
 */
public record ConfigFiles(Map<String, Path> roots) {
    /** System property with the installation's {@code configs} directory, set by the launcher. */
    public static final String PROPERTY = "s4j.configs";

    private static final String PACKAGED = "/s4j/configs/config.yaml";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*");

    /** The user's directories (e.g. of {@code --config-dir}), then the installation's, then the packaged ones. */
    public static ConfigFiles usual(List<Path> directories) {
        Map<String, Path> roots = new LinkedHashMap<>();
        for (Path directory : directories) {
            if (!Files.isDirectory(directory)) {
                throw new ConfigException("--config-dir " + directory + " is no directory");
            }
            roots.put(directory.toString(), directory);
        }
        String installed = System.getProperty(PROPERTY);
        if (installed != null && Files.isDirectory(Path.of(installed))) {
            roots.put("configs", Path.of(installed));
        } else {
            roots.put("configs", packaged());
        }
        return new ConfigFiles(roots);
    }

    private static Path packaged() {
        URL file = ConfigFiles.class.getResource(PACKAGED);
        if (file == null) {
            throw new IllegalStateException("the jar of s4-train lacks " + PACKAGED);
        }
        try {
            URI address = file.toURI();
            if (address.getScheme().equals("jar")) {
                open(address);
            }
            Path config = Path.of(address);
            Path parent = config.getParent();
            return parent == null ? config : parent;
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    /** Stays open: the JVM shares one file system per jar. */
    @SuppressWarnings("resource")
    private static void open(URI jar) throws IOException {
        try {
            FileSystems.newFileSystem(jar, Map.of());
        } catch (FileSystemAlreadyExistsException e) {
            return; // opened before: as good
        }
    }

    /** Whether a word is a group: some directory has a subdirectory of this name. */
    boolean isGroup(String word) {
        return NAME.matcher(word).matches()
                && roots.values().stream().anyMatch(r -> Files.isDirectory(r.resolve(word)));
    }

    /** The groups on the first level. */
    Set<String> groups() {
        Set<String> out = new TreeSet<>();
        for (Path root : roots.values()) {
            try (Stream<Path> files = Files.list(root)) {
                files.filter(Files::isDirectory).forEach(d -> out.add(root.relativize(d).toString().replace("/", "")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return out;
    }

    /** The choices of a group, sorted, without those of a group inside it. */
    public List<String> choices(String group) {
        Set<String> out = new TreeSet<>();
        for (Path root : roots.values()) {
            Path directory = root.resolve(group);
            if (Files.isDirectory(directory)) {
                try (Stream<Path> files = Files.walk(directory)) {
                    files.map(f -> directory.relativize(f).toString().replace('\\', '/'))
                            .filter(f -> f.endsWith(".yaml") && !isInner(group, f))
                            .forEach(f -> out.add(f.substring(0, f.length() - 5)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return new ArrayList<>(out);
    }

    private static boolean isInner(String group, String file) {
        return !group.equals(LayerWords.GROUP) && (group + "/" + file).startsWith(LayerWords.GROUP + "/");
    }

    /**
     * The content of {@code group/choice.yaml}.
     *
     * @param asked who asked for it, for the message when there is none
     */
    ConfigTree.Mapping read(String group, String choice, Origin asked) {
        String name = group.isEmpty() ? choice + ".yaml" : group + "/" + choice + ".yaml";
        for (Map.Entry<String, Path> root : roots.entrySet()) {
            Path file = root.getValue().resolve(name);
            if (NAME.matcher(name).matches() && Files.isRegularFile(file)) {
                ConfigTree tree = read(file, root.getKey() + "/" + name);
                if (tree instanceof ConfigTree.Mapping map) {
                    return map;
                }
                throw new ConfigException(tree.origin() + ": got " + tree.toJson() + "; expected key: value lines");
            }
        }
        throw unknown(group, choice, asked);
    }

    private ConfigException unknown(String group, String choice, Origin asked) {
        List<String> known = choices(group);
        String suggestion = Words.suggestion(choice, known);
        String list = suggestion.endsWith("?") ? " There are " + String.join(", ", known) : "";
        return new ConfigException("unknown %s %s (%s); %s".formatted(group, choice, asked, suggestion + list));
    }

    /** The tree of one YAML file. */
    public static ConfigTree read(Path file) { return read(file, file.toString()); }

    private static ConfigTree read(Path file, String name) {
        try {
            if (Files.size(file) > Yaml.MAX_SIZE) {
                throw new ConfigException(name + ": got " + Files.size(file) + " bytes; expected at most "
                        + Yaml.MAX_SIZE + " of a configuration");
            }
            return Yaml.read(InputFile.text(file), name);
        } catch (MalformedFileException e) {
            throw new ConfigException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new ConfigException("cannot read " + name + ": " + e, e);
        }
    }
}
