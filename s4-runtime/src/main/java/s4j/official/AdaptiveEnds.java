package s4j.official;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import s4j.io.MalformedFileException;

/**
 * Embedding and softmax over clusters, as the official task adaptivelm stores them:
 *
 * <pre>
 * encoder.0.emb_layers.i.weight, encoder.0.emb_projs.i                tables and projections, of both
 * loss.cluster_weight, loss.cluster_bias, loss.out_layers_biases.i    scores of clusters, biases of words
 * loss.out_projs.0                                                    the head's own projection
 * </pre>
 *
 * <p>Tables and the tails' projections must be tied, as in the published recipe; {@code loss_val} is the loss once more.
 */
final class AdaptiveEnds {
    private static final String TABLES = "encoder.0.emb_layers.";
    private static final String PROJECTIONS = "encoder.0.emb_projs.";

    /** Whether a network has them. */
    static boolean at(Transfer root) { return root.has(TABLES + "0.weight"); }

    /** Moves both. */
    static void move(Transfer root, Findings findings, long dModel) throws IOException {
        List<Long> cutoffs = new ArrayList<>();
        long tokens = 0;
        long width = dModel;
        long divVal = 1;
        int clusters = 0;
        for (; root.has(TABLES + clusters + ".weight"); clusters++) {
            long[] shape = root.shape(TABLES + clusters + ".weight");
            if (clusters == 1) {
                divVal = shape.length == 2 && shape[1] > 0 ? dModel / shape[1] : 0;
            }
            width = clusters == 0 ? dModel : width / Math.max(1, divVal);
            if (shape.length != 2 || shape[1] != width) {
                throw root.malformed(TABLES + clusters + ".weight", Arrays.toString(shape), "[tokens, " + width + "]");
            }
            if (clusters > 0) {
                cutoffs.add(tokens);
            }
            tokens += shape[0];
            root.copy(TABLES + clusters + ".weight", TABLES + clusters + ".weight");
            root.copy(PROJECTIONS + clusters, PROJECTIONS + clusters, dModel, width);
            root.copy("loss.out_layers_biases." + clusters, "decoder.0.out_biases." + clusters, shape[0]);
        }
        root.copy("loss.out_projs.0", "decoder.0.out_proj", dModel, dModel);
        if (clusters > 1) {
            root.copy("loss.cluster_weight", "decoder.0.cluster_weight", clusters - 1L, dModel);
            root.copy("loss.cluster_bias", "decoder.0.cluster_bias", clusters - 1L);
        }
        refuseUntied(root);
        findings.read("encoder._name_", "adaptive", TABLES + "0 to " + (clusters - 1));
        findings.read("encoder.cutoffs", cutoffs, "rows of the tables");
        findings.read("encoder.div_val", divVal, "columns of the tables");
        findings.read("decoder._name_", "adaptive", "loss.out_layers_biases");
        findings.read("decoder.mode", "step", "a softmax over clusters");
        findings.read("d_input", tokens, "rows of the tables");
        findings.read("d_output", tokens, "rows of the tables");
    }

    /** What is a second name of something is left out; tables or projections of the softmax' own are refused. */
    private static void refuseUntied(Transfer root) throws MalformedFileException {
        String loss = root.from() + "loss.";
        for (String name : List.copyOf(root.states().names())) {
            if (name.startsWith(root.from() + "loss_val.") || name.startsWith(loss + "shared_out_projs.")) {
                root.ignore(name.substring(root.from().length()));
            } else if (name.startsWith(loss + "out_layers_weights.")
                    || name.matches(java.util.regex.Pattern.quote(loss) + "out_projs\\.[1-9]\\d*")) {
                throw root.malformed(name.substring(root.from().length()), "weights of the softmax alone",
                        "those of the embedding (tie_weights and tie_projs)");
            }
        }
    }

    private AdaptiveEnds() {}
}
