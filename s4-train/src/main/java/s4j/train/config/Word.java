package s4j.train.config;

import java.util.ArrayList;
import java.util.List;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.config.Words;

/** One word of the command line. */
sealed interface Word {
    /** Where it stands. */
    Origin origin();

    /** {@code group=choice}: a file of a group. */
    record Choice(String group, String choice, Origin origin) implements Word {}

    /** {@code key=value}. */
    record Set(String path, ConfigTree value, Origin origin) implements Word {}

    /** {@code ~key}: back to the default. */
    record Delete(String path, Origin origin) implements Word {}

    /** Reads a word; {@code files} say what is a group. */
    static Word parse(String word, ConfigFiles files) {
        Origin origin = Origin.commandLine(word);
        if (word.startsWith("~")) {
            return new Delete(word.substring(1), origin);
        }
        int equals = word.indexOf('=');
        if (equals < 1 || word.startsWith("+")) {
            throw new ConfigException("argument %s; expected key=value, group=choice or ~key".formatted(word));
        }
        String key = word.substring(0, equals).strip();
        String text = word.substring(equals + 1).strip();
        if (files.isGroup(key) && !text.startsWith("{")) {
            return new Choice(key, text, origin);
        }
        checkRoot(key, origin, files);
        return new Set(key, Yaml.value(text, origin), origin);
    }

    /** A first part that is neither a key nor a group is most likely a misspelt one of either. */
    private static void checkRoot(String key, Origin origin, ConfigFiles files) {
        String root = key.split("[./]", 2)[0];
        List<String> known = new ArrayList<>(files.groups());
        if (Binder.tree(TrainConfig.DEFAULTS) instanceof ConfigTree.Mapping all) {
            all.entries().keySet().stream().filter(k -> !known.contains(k)).forEach(known::add);
        }
        if (!known.contains(root)) {
            throw new ConfigException("unknown key %s (%s); %s".formatted(root, origin, Words.suggestion(root, known)));
        }
        if (key.contains("/")) {
            throw new ConfigException("unknown group %s (%s); write keys with dots, e.g. model.layer.d_state=64"
                    .formatted(key, origin));
        }
    }
}
