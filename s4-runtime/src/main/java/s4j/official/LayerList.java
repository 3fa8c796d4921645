package s4j.official;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.MalformedFileException;

/** The layers of a stack, block by block: S4 or feed-forward, in an order that repeats ({@code layer: [s4, s4, ff]}). */
final class LayerList {
    private final List<Kind> kinds = new ArrayList<>();
    private final List<Transfer> places = new ArrayList<>();

    /** A block's layer. */
    private sealed interface Kind {
        /** S4. */
        record Ssm(Block block) implements Kind {}

        /**
         * Feed-forward.
         *
         * @param expand width of the middle, as a factor
         * @param activated whether an activation stands behind the first map
         */
        record Ff(long expand, boolean activated) implements Kind {}

        default boolean like(Kind other) { return this instanceof Ssm ? other instanceof Ssm : equals(other); }
    }

    /** Moves the layer of the next block. */
    void move(Transfer at, long dModel) throws IOException {
        places.add(at);
        if (!at.hasBelow("ff.")) {
            kinds.add(new Kind.Ssm(Block.move(at, dModel)));
            return;
        }
        boolean activated = at.has("ff.0.0.weight");
        String in = activated ? "ff.0.0" : "ff.0";
        at.linear(in, in, 2);
        at.linear("ff.2", "ff.2", 2);
        long rows = at.shape(in + ".weight")[0];
        if (rows % dModel != 0) {
            throw at.malformed(in, rows + " rows", "a multiple of " + dModel);
        }
        kinds.add(new Kind.Ff(rows / dModel, activated));
    }

    /** How many layers repeat. */
    private int period() {
        for (int p = 1; p < kinds.size(); p++) {
            boolean repeats = kinds.size() % p == 0;
            for (int i = p; i < kinds.size() && repeats; i++) {
                repeats = kinds.get(i).like(kinds.get(i - p));
            }
            if (repeats) {
                return p;
            }
        }
        return kinds.size();
    }

    /**
     * Says what the layers are, and how often they repeat.
     *
     * @param layers where blocks stand, for people
     */
    void report(Findings findings, String layers, boolean standalone) throws MalformedFileException {
        int period = period();
        for (int i = period; i < kinds.size(); i++) {
            if (kinds.get(i) instanceof Kind.Ssm s && kinds.get(i % period) instanceof Kind.Ssm first) {
                s.block.requireLike(first.block, places.get(i));
            }
        }
        if (period == 1 && kinds.getFirst() instanceof Kind.Ssm s) {
            s.block.report(findings, places.getFirst().from(), standalone);
        } else {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = 0; i < period; i++) {
                list.add(map(i, findings, standalone));
            }
            findings.assume("model.layer", list,
                    "kinds and sizes are in the file; transforms, activations and initialisations are the official defaults");
        }
        findings.read("model.n_layers", kinds.size() / period, layers + "0 to " + (kinds.size() - 1)
                + (period == 1 ? "" : ", " + period + " at a time"));
    }

    private Map<String, @Nullable Object> map(int i, Findings all, boolean standalone) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        switch (kinds.get(i)) {
            case Kind.Ssm s -> {
                Findings own = new Findings(new Origin("checkpoint"));
                s.block.report(own, places.get(i).from(), standalone);
                all.kernels(own.kernels());
                out.put("_name_", "s4");
                ConfigTree layer = own.tree().find("model.layer");
                if (layer != null && layer.toValue() instanceof Map<?, ?> map) {
                    map.forEach((k, v) -> out.put(String.valueOf(k), v));
                }
            }
            case Kind.Ff f -> {
                out.put("_name_", "ff");
                out.put("expand", f.expand);
                out.put("activation", f.activated ? "gelu" : null);
            }
        }
        return out;
    }
}
