package s4j.official;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/**
 * What stands around a kernel in an S4 block, in every layout: the skip D, the output projection, and GSS' gate and
 * bottleneck.
 *
 * @param kernel what the kernel's shapes say
 * @param channels outputs per feature of one direction
 * @param bidirectional whether the kernel has a second direction
 * @param activation after the convolution: glu where the projection takes half of it
 * @param finalAct after the projection: glu, id, or null for no projection
 * @param gate the multiplicative branch; null: none
 * @param bottleneck divisor of the inner width; null: none
 */
record Block(KernelFormat.Facts kernel, long channels, boolean bidirectional, String activation,
        @Nullable String finalAct, @Nullable Gate gate, @Nullable Long bottleneck) {
    /**
     * GSS' multiplicative branch.
     *
     * @param factor its width over d_model
     * @param activated whether an activation, even the identity, was set
     */
    record Gate(long factor, boolean activated) {}

    /** Moves a block; {@code dModel} features go in and out. */
    static Block move(Transfer t, long dModel) throws IOException {
        KernelFormat format = KernelFormat.of(t);
        if (format == null) {
            throw new MalformedFileException(
                    t.states().place() + ": " + t.from() + " has no SSM kernel; expected one of "
                            + KernelFormat.anchors() + ". Layers of other kinds are not imported");
        }
        KernelFormat.Facts kernel = format.move(t, "layer.kernel.");
        long channels = skip(t, kernel.features());
        if (kernel.channels() != channels && kernel.channels() != 2 * channels) {
            throw t.malformed("D", channels + " channels beside a kernel of " + kernel.channels(),
                    "as many, or half as many (bidirectional)");
        }
        Long bottleneck = null;
        if (t.has("input_linear.weight")) {
            t.linear("input_linear", "input_linear", 2);
            bottleneck = ratio(t, "input_linear.weight", dModel, kernel.features());
        } else if (kernel.features() != dModel) {
            throw t.malformed("kernel", kernel.features() + " features", dModel + ", d_model");
        }
        Gate gate = gate(t, dModel);
        String projection = t.has("output_linear.0.weight") ? "output_linear.0" : "output_linear";
        boolean projected = t.has(projection + ".weight");
        String finalAct = null;
        String activation = "gelu";
        if (projected) {
            long[] shape = t.shape(projection + ".weight");
            finalAct = ratio(t, projection + ".weight", shape[0], dModel) == 2 ? "glu" : "id";
            long mixed = gate == null ? channels * kernel.features() : gate.factor() * dModel;
            activation = shape.length > 1 && 2 * shape[1] == mixed && gate == null ? "glu" : "gelu";
            t.linear(projection, "output_linear.0", 2);
        }
        long outer = activation.equals("glu") ? channels / 2 : channels;
        return new Block(kernel, outer, kernel.channels() == 2 * channels, activation, finalAct, gate, bottleneck);
    }

    /** D {@code [c, h]}, or {@code [h]} of one channel; returns c. */
    private static long skip(Transfer t, long features) throws IOException {
        String name = t.has("layer.D") ? "layer.D" : "D";
        long[] shape = t.shape(name);
        long channels = shape.length == 1 ? 1 : shape[0];
        if (shape[shape.length - 1] != features || shape.length > 2) {
            throw t.malformed(name, Arrays.toString(shape), "[c, " + features + "] or [" + features + "]");
        }
        t.copy(name, "layer.D", channels, features);
        return channels;
    }

    private static @Nullable Gate gate(Transfer t, long dModel) throws IOException {
        if (!t.has("output_gate.weight")) {
            return null;
        }
        t.linear("output_gate", "output_gate", 2);
        boolean activated = t.has("input_gate.0.weight");
        String input = activated ? "input_gate.0" : "input_gate";
        t.linear(input, input, 2);
        return new Gate(ratio(t, "output_gate.weight", t.shape("output_gate.weight")[0], dModel), activated);
    }

    private static long ratio(Transfer t, String name, long large, long small) throws MalformedFileException {
        if (small < 1 || large % small != 0) {
            throw t.malformed(name, large + " rows or features", "a multiple of " + small);
        }
        return large / small;
    }

    /** Says what is known of every block; {@code standalone} code took other defaults than configuration files did. */
    void report(Findings findings, String where, boolean standalone) {
        KernelFormat.Facts k = kernel;
        String path = "model.layer.";
        findings.kernels(k.format().title());
        findings.read(path + "mode", k.rank() == 0 ? "diag" : "nplr", where + (k.rank() == 0 ? ": no P" : ": P"));
        findings.read(path + "d_state", 2 * k.pairs(), "pairs of " + where + ".C");
        findings.read(path + "n_ssm", k.copies() == k.features() ? null : k.copies(), "rows of A");
        findings.read(path + "channels", channels, "rows of D");
        findings.read(path + "bidirectional", bidirectional, "channels of C against those of D");
        if (k.rank() > 0) {
            findings.read(path + "rank", k.rank(), "rows of P");
        }
        findings.read(path + "dt_tie", k.tied(), "columns of dt");
        if (k.format() == KernelFormat.V4) {
            findings.assume(path + "dt_transform", standalone ? "exp" : "softplus",
                    standalone ? "the default of the standalone S4Block" : "the default of the official layer files");
        } else {
            findings.read(path + "dt_transform", "exp", "layouts before V4 had no other");
        }
        findings.assume(path + "init", "diag-lin", "not in the file; its values stand in place of an initialisation");
        findings.assume(path + "real_transform", "exp", "the default");
        findings.assume(path + "imag_transform", "none", "the default");
        if (k.rank() == 0) {
            boolean minimal = k.format() == KernelFormat.MINIMAL;
            Findings.Finding disc = new Findings.Finding(path + "disc", "zoh",
                    minimal ? "the minimal S4D has no other" : "the default", !minimal);
            findings.add(disc);
        }
        boolean guessed = activation.equals("gelu");
        findings.add(new Findings.Finding(path + "activation", activation,
                guessed ? "the default" : "columns of output_linear", guessed));
        boolean identity = "id".equals(finalAct);
        findings.add(new Findings.Finding(path + "final_act", finalAct,
                identity
                        ? "output_linear does not double the features; its activation is not in the file"
                        : "output_linear",
                identity));
        if (gate != null) {
            findings.read(path + "gate", gate.factor(), "rows of output_gate");
            String act = gate.activated() ? "id" : null;
            findings.add(new Findings.Finding(path + "gate_act", act,
                    gate.activated() ? "the official default; which one is not in the file" : "name of input_gate",
                    gate.activated()));
        }
        if (bottleneck != null) {
            findings.read(path + "bottleneck", bottleneck, "rows of input_linear");
        }
    }

    /** Refuses blocks that differ where one configuration holds for all. */
    void requireLike(Block first, Transfer t) throws MalformedFileException {
        KernelFormat.Facts a = kernel;
        KernelFormat.Facts b = first.kernel;
        boolean sameCopies = a.copies() == b.copies() || (a.copies() == a.features() && b.copies() == b.features());
        if (a.pairs() != b.pairs() || a.rank() != b.rank() || a.tied() != b.tied() || a.format() != b.format()
                || !sameCopies || channels != first.channels || bidirectional != first.bidirectional
                || !activation.equals(first.activation) || !String.valueOf(finalAct).equals(String.valueOf(
                        first.finalAct))) {
            throw t.malformed("", "a block unlike the first one", "the same options in all blocks");
        }
    }
}
