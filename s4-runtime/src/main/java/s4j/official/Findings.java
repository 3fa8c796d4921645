package s4j.official;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigTree;
import s4j.config.Origin;

/** What is known about a network after looking at a checkpoint, value by value with its reason. */
public final class Findings {
    private final Origin origin;
    private final List<Finding> all = new ArrayList<>();
    private ConfigTree tree;
    private String kernels = "";

    /**
     * One key of the network's configuration.
     *
     * @param key dotted, e.g. {@code model.layer.d_state}
     * @param value as in a configuration file
     * @param why which tensor says so, or why it is assumed
     * @param assumed whether the file does not say it
     */
    public record Finding(String key, @Nullable Object value, String why, boolean assumed) {
        @Override
        public String toString() { return key + "=" + value + " (" + why + ")"; }
    }

    Findings(Origin origin) {
        this.origin = origin;
        this.tree = ConfigTree.empty(origin);
    }

    /** The file says so. */
    void read(String key, @Nullable Object value, String why) {
        add(new Finding(key, value, why, false));
    }

    /** The file does not say it. */
    void assume(String key, @Nullable Object value, String why) {
        add(new Finding(key, value, why, true));
    }

    void add(Finding finding) {
        all.add(finding);
        tree = tree.with(finding.key(), ConfigTree.of(finding.value(), origin));
    }

    /** What kind of kernels there are, for people. */
    void kernels(String title) { kernels = title; }

    String kernels() { return kernels; }

    /** In the order of finding. */
    public List<Finding> all() { return Collections.unmodifiableList(all); }

    /** The network's configuration; what is not found has its default. */
    public ConfigTree tree() { return tree; }
}
