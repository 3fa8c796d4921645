package s4j.train.config;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.config.Words;

/**
 * Composes a run's configuration from the words of the command line, like the official command:
 *
 * <pre>
 * records' defaults  &lt;  config.yaml  &lt;  group files  &lt;  pipeline's keys  &lt;  experiment's keys  &lt;  key=value, ~key
 * </pre>
 *
 * A pipeline and an experiment are laid over the whole tree, every other group's file stands at its own path
 * ({@code model/layer=s4d} at {@code model.layer}). Their {@code defaults:} lists choose group files; of several choices
 * for one group the command line's wins, then the experiment's, the pipeline's, config.yaml's. A data set that is chosen
 * without pipeline and experiment brings the pipeline of its name, if there is one.
 *
 * @param files where group files are
 */
public record ConfigLoader(ConfigFiles files) {
    private static final String PIPELINE = "pipeline";
    private static final String EXPERIMENT = "experiment";
    private static final String DATASET = "dataset";
    private static final String DEFAULTS = "defaults";

    /** A loader with the usual places. */
    public static ConfigLoader usual(List<Path> configDirectories) {
        return new ConfigLoader(ConfigFiles.usual(configDirectories));
    }

    /**
     * The run that the words describe.
     *
     * @throws ConfigException when a file, a key or a value is not right; the message is meant for the user
     */
    public TrainConfig load(List<String> words) { return TrainConfig.of(compose(words)); }

    /** The same as a tree: only what was written, with the places. */
    public ConfigTree compose(List<String> words) {
        List<Word> parsed = words.stream().map(w -> Word.parse(w, files)).toList();
        Map<String, Word.Choice> chosen = new LinkedHashMap<>();
        for (Word w : parsed) {
            if (w instanceof Word.Choice c) {
                chosen.put(c.group(), c);
            }
        }
        ConfigTree.Mapping base = files.read("", "config", Origin.DEFAULTS);
        Map<String, Word.Choice> ofBase = defaults(base, List.of());
        Word.Choice data = chosen.get(DATASET);
        if (data != null && !chosen.containsKey(PIPELINE) && !chosen.containsKey(EXPERIMENT)
                && files.choices(PIPELINE).contains(data.choice())) {
            chosen.put(PIPELINE, new Word.Choice(PIPELINE, data.choice(), data.origin()));
        }
        ConfigTree.Mapping experiment = global(EXPERIMENT, chosen, ofBase);
        defaults(experiment, List.of(EXPERIMENT)).forEach(chosen::putIfAbsent);
        ConfigTree.Mapping pipeline = global(PIPELINE, chosen, ofBase);
        defaults(pipeline, List.of(EXPERIMENT, PIPELINE)).forEach(chosen::putIfAbsent);
        ofBase.forEach(chosen::putIfAbsent);

        ConfigTree tree = groups(base.without(DEFAULTS), chosen);
        ConfigTree written = tree.merge(pipeline.without(DEFAULTS)).merge(experiment.without(DEFAULTS));
        return words(layers().expand(written), parsed);
    }

    /**
     * A run continued or evaluated: the words laid over the configuration it had.
     *
     * @param tree e.g. of its model file
     */
    public TrainConfig override(ConfigTree tree, List<String> words) {
        List<Word> parsed = words.stream().map(w -> Word.parse(w, files)).toList();
        Map<String, Word.Choice> chosen = new LinkedHashMap<>();
        for (Word w : parsed) {
            if (w instanceof Word.Choice c) {
                if (c.group().equals(PIPELINE) || c.group().equals(EXPERIMENT)) {
                    throw new ConfigException("%s cannot be chosen for a run that exists already (%s)"
                            .formatted(c.group(), c.origin()));
                }
                chosen.put(c.group(), c);
            }
        }
        return TrainConfig.of(words(groups(tree, chosen), parsed));
    }

    /**
     * A trained model on other data: a word {@code pipeline=…} brings that pipeline's data set and task, and what it says of
     * loader and trainer; network and training stay the model's.
     *
     * @param tree of the model file
     */
    public TrainConfig evaluation(ConfigTree tree, List<String> words) {
        List<String> pipelines = words.stream().filter(w -> w.startsWith(PIPELINE + "=")).toList();
        List<String> others = words.stream().filter(w -> !w.startsWith(PIPELINE + "=")).toList();
        if (pipelines.isEmpty()) {
            return override(tree, others);
        }
        ConfigTree whole = compose(pipelines);
        ConfigTree out = tree.without("dataset").without("task");
        for (String group : List.of("dataset", "task", "loader", "trainer")) {
            ConfigTree chosen = whole.find(group);
            out = chosen == null ? out : out.with(group, chosen);
        }
        return override(out, others);
    }

    /** The file of a group that is laid over the whole tree; an empty map where none is chosen. */
    private ConfigTree.Mapping global(String group, Map<String, Word.Choice> chosen, Map<String, Word.Choice> ofBase) {
        Word.Choice choice = chosen.getOrDefault(group, ofBase.get(group));
        return choice == null ? ConfigTree.empty(Origin.DEFAULTS) : files.read(group, choice.choice(), choice.origin());
    }

    /** Group files at their paths, outer ones first so that {@code model/layer} lies over {@code model}. */
    private ConfigTree groups(ConfigTree tree, Map<String, Word.Choice> chosen) {
        List<Word.Choice> ordered = chosen.values().stream()
                .filter(c -> !c.group().equals(PIPELINE) && !c.group().equals(EXPERIMENT))
                .sorted(Comparator.comparingInt(c -> c.group().split("/", -1).length)).toList();
        for (Word.Choice c : ordered) {
            String path = c.group().replace('/', '.');
            ConfigTree file = files.read(c.group(), c.choice(), c.origin());
            tree = c.group().equals(LayerWords.GROUP)
                    ? layers().choose(tree, file)
                    : (another(tree.find(path), file) ? tree.without(path) : tree).with(path, file);
        }
        return tree;
    }

    /** Whether a file names another kind of thing than what it is laid over: then it replaces it. */
    private static boolean another(@Nullable ConfigTree before, ConfigTree file) {
        ConfigTree was = before == null ? null : before.find(ConfigTree.NAME);
        ConfigTree is = file.find(ConfigTree.NAME);
        return was != null && is != null && !was.toJson().equals(is.toJson());
    }

    private LayerWords layers() { return new LayerWords(files); }

    private ConfigTree words(ConfigTree tree, List<Word> words) {
        for (Word word : words) {
            tree = switch (word) {
                case Word.Choice c -> tree;
                case Word.Set s when s.path().equals(LayerWords.PATH) -> layers().set(tree, s.value());
                case Word.Set s -> tree.with(s.path(), s.value());
                case Word.Delete d -> delete(tree, d);
            };
        }
        return tree;
    }

    private static ConfigTree delete(ConfigTree tree, Word.Delete word) {
        ConfigTree known = TrainConfig.DEFAULTS.tree();
        if (tree.find(word.path()) == null && known.find(word.path()) == null) {
            int dot = word.path().lastIndexOf('.');
            String key = word.path().substring(dot + 1);
            ConfigTree parent = dot < 0 ? known : known.find(word.path().substring(0, dot));
            String hint = parent instanceof ConfigTree.Mapping m
                    ? Words.suggestion(key, m.entries().keySet())
                    : "there is no such key";
            throw new ConfigException("unknown key %s (%s); %s".formatted(word.path(), word.origin(), hint));
        }
        return tree.without(word.path());
    }

    /** A file's {@code defaults:} list: {@code - /group: choice}, also in the official spelling with "override". */
    private Map<String, Word.Choice> defaults(ConfigTree.Mapping file, List<String> refused) {
        Map<String, Word.Choice> out = new LinkedHashMap<>();
        ConfigTree list = file.entries().get(DEFAULTS);
        if (list == null) {
            return out;
        }
        if (!(list instanceof ConfigTree.Sequence items)) {
            throw new ConfigException("defaults: got %s (%s); expected a list of - /group: choice"
                    .formatted(list.toJson(), list.origin()));
        }
        for (ConfigTree item : items.items()) {
            Word.Choice c = choice(item);
            if (refused.contains(c.group())) {
                throw new ConfigException("defaults: got %s (%s); expected no %s in this file"
                        .formatted(item.toJson(), c.origin(), c.group()));
            }
            out.put(c.group(), c);
        }
        return out;
    }

    private Word.Choice choice(ConfigTree item) {
        if (item instanceof ConfigTree.Mapping m && m.entries().size() == 1) {
            var entry = m.entries().entrySet().iterator().next();
            String group = entry.getKey().replaceFirst("^override\\s+", "").replaceFirst("^/", "");
            if (entry.getValue() instanceof ConfigTree.Scalar s && s.value() instanceof String choice) {
                if (!files.isGroup(group)) {
                    throw new ConfigException("unknown group %s (%s); %s".formatted(group, item.origin(),
                            Words.suggestion(group, files.groups())));
                }
                return new Word.Choice(group, choice, s.origin());
            }
        }
        throw new ConfigException(
                "defaults: got %s (%s); expected - /group: choice".formatted(item.toJson(), item.origin()));
    }
}
