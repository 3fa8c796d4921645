package s4j.official;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/**
 * SaShiMi: {@code d_layers.k}, {@code c_layers.k}, {@code u_layers.i.k}, {@code norm}; blocks and pools in the order they
 * run. Lists hold S4 blocks ({@code layer} with a kernel), feed-forward blocks ({@code layer.ff}) and pools ({@code
 * linear}).
 */
final class Sashimi {
    private final Transfer t;
    private final Findings findings;
    private final List<Long> pools = new ArrayList<>();
    private @Nullable Block first;
    private @Nullable String norm;
    /** Norms are wrapped in src/ alone, whose layer files took other defaults. */
    private boolean standalone = true;
    private long ff;
    private long expand = 1;

    /** Of one list: S4 blocks, and pools. */
    private record Counts(int blocks, int pools) {}

    private Sashimi(Transfer t, Findings findings) {
        this.t = t;
        this.findings = findings;
    }

    /** Moves body, encoder and decoder. */
    static void move(Transfer root, String body, Findings findings) throws IOException {
        Transfer t = root.below(body, "model.");
        new Sashimi(t, findings).move(root);
    }

    private void move(Transfer root) throws IOException {
        String last = Norms.at(t, "norm.norm") ? "norm.norm" : "norm";
        if (!"layer".equals(Norms.move(t, last, "norm"))) {
            throw t.malformed(last, "another norm than a layer norm",
                    "weight and bias alone: SaShiMi ends with a layer norm");
        }
        long dModel = t.shape(last + ".weight")[0];
        findings.read("model._name_", "sashimi", "c_layers");
        findings.read("model.d_model", dModel, last + ".weight");
        long[] width = {dModel};
        Counts down = list("d_layers.", width);
        Counts centre = list("c_layers.", width);
        List<Long> stages = new ArrayList<>(pools);
        int up = 0;
        for (; t.hasBelow("u_layers." + up + "."); up++) {
            Counts stage = list("u_layers." + up + ".", width);
            if (stage.pools() != 1 || stage.blocks() != centre.blocks()) {
                throw t.malformed("u_layers." + up, stage.pools() + " pools and " + stage.blocks() + " blocks",
                        "one pool and " + centre.blocks() + " blocks, as in c_layers");
            }
        }
        boolean unet = down.blocks() > 0;
        if (up != stages.size() || width[0] != dModel || (unet && down.blocks() != up * centre.blocks())) {
            throw t.malformed("u_layers", up + " stages to " + width[0] + " features", stages.size()
                    + " stages to " + dModel + ", as many as d_layers has pools");
        }
        report(centre.blocks(), stages, unet);
        Ends.encoder(root, findings, dModel);
        Ends.decoder(root, findings, dModel, "step");
    }

    private void report(int blocks, List<Long> stages, boolean unet) throws MalformedFileException {
        if (first == null) {
            throw t.malformed("c_layers", "no S4 block", "at least one");
        }
        findings.read("model.n_layers", blocks, "S4 blocks of c_layers");
        findings.read("model.pool", Collections.unmodifiableList(stages), "columns of the pools in d_layers");
        findings.read("model.expand", expand, "rows of the pools in d_layers");
        findings.read("model.ff", ff, "rows of layer.ff.0");
        if (norm != null) {
            findings.read("model.norm", norm, "names of the blocks' norms");
        }
        findings.read("model.unet", unet, "blocks in d_layers");
        first.report(findings, "c_layers.0", standalone);
    }

    /** Moves the members of a list; pools change the width of what follows. */
    private Counts list(String list, long[] width) throws IOException {
        int blocks = 0;
        int poolings = 0;
        for (int k = 0; t.hasBelow(list + k + "."); k++) {
            Transfer at = t.below(list + k + ".", list + k + ".");
            if (at.hasBelow("linear.")) {
                pool(at, list.startsWith("d_"), width);
                poolings++;
                continue;
            }
            norm(at);
            if (at.hasBelow("layer.ff.")) {
                feedForward(at, width[0]);
                continue;
            }
            Block block = Block.move(at.below("layer.", "layer."), width[0]);
            if (first == null) {
                first = block;
            }
            block.requireLike(first, at);
            blocks++;
        }
        return new Counts(blocks, poolings);
    }

    /** Moves the norm before a block; all are of one kind. */
    private void norm(Transfer at) throws IOException {
        String source = Norms.at(at, "norm.norm") ? "norm.norm" : "norm";
        String kind = Norms.move(at, source, Norms.scalar(at, source) ? "norm.norm" : "norm");
        if (norm != null && !norm.equals(kind)) {
            throw at.malformed(source, kind, norm + " as in the blocks before");
        }
        norm = kind;
        standalone &= source.equals("norm");
    }

    private void pool(Transfer at, boolean down, long[] width) throws IOException {
        at.linear("linear", "linear", 3);
        long[] shape = at.shape(at.has("linear.weight") ? "linear.weight" : "linear.weight_v");
        long stride;
        if (down) {
            stride = divided(at, shape[1], width[0]);
            expand = divided(at, shape[0], width[0]);
            width[0] = shape[0];
            pools.add(stride);
        } else {
            stride = pools.isEmpty() ? 0 : pools.removeLast();
            if (shape[1] != width[0] || stride == 0 || width[0] / expand * stride != shape[0]) {
                throw at.malformed("linear", shape[1] + " to " + shape[0] + " features", width[0] + " to "
                        + width[0] / expand * stride);
            }
            width[0] /= expand;
        }
    }

    private static long divided(Transfer at, long large, long small) throws MalformedFileException {
        if (large % small != 0) {
            throw at.malformed("linear", large + " features", "a multiple of " + small);
        }
        return large / small;
    }

    private void feedForward(Transfer at, long width) throws IOException {
        String in = at.has("layer.ff.0.0.weight") ? "layer.ff.0.0" : "layer.ff.0";
        at.linear(in, "layer.ff.0.0", 3);
        at.linear("layer.ff.2", "layer.ff.2", 3);
        long factor = divided(at, at.shape(in + ".weight")[0], width);
        if (ff != 0 && ff != factor) {
            throw at.malformed(in, "a factor of " + factor, ff + " as in the blocks before");
        }
        ff = factor;
    }
}
