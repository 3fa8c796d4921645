package s4j.official;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/**
 * Stacks of blocks, equal ones or a list that repeats:
 *
 * <pre>
 * example.py   encoder, s4_layers.i.…, norms.i, decoder
 * src/         encoder.0, model.layers.i.layer.…, model.layers.i.norm.norm, model.norm.norm, decoder.0.output_transform
 * </pre>
 *
 * @param layers where the blocks stand, e.g. {@code s4_layers.}
 * @param layer what stands between a block's number and its parameters
 * @param example whether norms have their own list
 */
record Isotropic(String layers, String layer, boolean example) {
    static final Isotropic EXAMPLE = new Isotropic("s4_layers.", "", true);
    static final Isotropic SEQUENCE_MODEL = new Isotropic("layers.", "layer.", false);

    /**
     * Moves body, encoder and decoder.
     *
     * @param root where encoder and decoder stand
     * @param body where the blocks stand, below root
     */
    void move(Transfer root, String body, Findings findings) throws IOException {
        Transfer t = root.below(body, "model.");
        LayerList list = new LayerList();
        String norm = null;
        long dModel = 0;
        int count = 0;
        for (; t.hasBelow(layers + count + "."); count++) {
            String normAt = norm(t, count);
            dModel = count > 0 ? dModel : width(t, root, normAt);
            String target = "layers." + count + ".";
            list.move(t.below(layers + count + "." + layer, target + "layer."), dModel);
            if (count == 0) {
                findings.read("model.d_model", dModel, normAt == null || Norms.scalar(t, normAt)
                        ? "encoder or skip"
                        : normAt + ".weight");
            }
            String kind = normAt == null ? "none" : Norms.move(t, normAt, target + "norm.norm");
            if (norm != null && !norm.equals(kind)) {
                throw t.malformed("norm", kind, norm + " as in the blocks before");
            }
            norm = kind;
        }
        findings.read("model._name_", "model", layers);
        list.report(findings, layers, example);
        if (norm != null) {
            findings.read("model.norm", norm, "names of the norms");
        }
        prenorm(t, norm, findings);
        if (AdaptiveEnds.at(root)) {
            AdaptiveEnds.move(root, findings, dModel);
            return;
        }
        Ends.encoder(root, findings, dModel);
        Ends.decoder(root, findings, dModel, "pool");
    }

    private @Nullable String norm(Transfer t, int i) {
        String name = example ? "norms." + i : layers + i + ".norm.norm";
        String flat = layers + i + ".norm";
        return Norms.at(t, name) ? name : Norms.at(t, flat) ? flat : null;
    }

    /** d_model, from the first tensor that has it: a norm of all features, the encoder, the skip of the first block. */
    private long width(Transfer t, Transfer root, @Nullable String norm) throws MalformedFileException {
        if (norm != null && t.has(norm + ".weight")) {
            return t.shape(norm + ".weight")[0];
        }
        if (root.has("encoder.weight")) {
            return root.shape("encoder.weight")[0];
        }
        if (root.has("encoder.0.weight")) {
            return root.shape("encoder.0.weight")[root.has("encoder.0.bias") ? 0 : 1];
        }
        String block = layers + "0." + layer;
        String skip = block + (t.has(block + "layer.D") ? "layer.D" : "D");
        if (t.has(skip) && !t.has(block + "input_linear.weight")) {
            long[] shape = t.shape(skip);
            return shape[shape.length - 1];
        }
        throw t.malformed("layers.0", "no norm of all features, no encoder, no D of d_model features",
                "one of them: d_model is read from it");
    }

    /** The official backbone ends with a norm when norms come first; example.py never does. */
    private void prenorm(Transfer t, @Nullable String norm, Findings findings) throws IOException {
        String last = Norms.at(t, "norm.norm") ? "norm.norm" : "norm";
        if (!example && Norms.at(t, last)) {
            String kind = Norms.move(t, last, "norm.norm");
            if (!kind.equals(norm)) {
                throw t.malformed(last, kind, norm + " as in the blocks");
            }
            findings.read("model.prenorm", true, "a norm after the last block");
            findings.read("model.final_norm", true, "a norm after the last block");
        } else if (example) {
            findings.assume("model.prenorm", false, "the default of example.py");
            findings.read("model.final_norm", false, "no norm after the last block");
        } else {
            findings.read("model.prenorm", false, "no norm after the last block");
        }
    }
}
