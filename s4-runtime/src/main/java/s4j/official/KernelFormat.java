package s4j.official;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;

/**
 * How an S4 or S4D layer's SSM was written down over the years. Below a block's name stand a place and the parameters:
 *
 * <pre>
 * V4            layer.kernel.   A = -f(A_real) - i g(A_imag), B, C, inv_dt (P, l_kernel with S4)
 * MINIMAL       kernel.         A = -exp(log_A_real) + i A_imag, B = 1, C, log_dt              (models/s4/s4d.py, ZOH)
 * V3            kernel.kernel.  w = -exp(inv_w_real) + i w_imag, B, P, C, log_dt, L            (also log_w_real)
 * V3_DIAGONAL   kernel.kernel.  A = -exp(inv_A_real) + i A_imag, B, C, log_dt
 * NPLR_2022     kernel.kernel.  w as a complex number, B, P, Q = conj(P), C, log_dt; omega and z follow from the length
 * </pre>
 *
 * <p>s4j keeps of each conjugate pair the one with negative imaginary part: where the file has the other one, A, B, P and
 * C of that state are conjugated, which changes no output (only the real part of their products is used).
 */
enum KernelFormat {
    V4("layer.kernel.", "A_real", "S4Block V4"), MINIMAL("kernel.", "log_A_real", "the minimal S4D"), V3(
            "kernel.kernel.", "inv_w_real", "S4 V3"), V3_LOG("kernel.kernel.", "log_w_real", "S4 V2"), V3_DIAGONAL(
                    "kernel.kernel.", "inv_A_real", "S4D V3"), NPLR_2022("kernel.kernel.", "w", "S4 of 2022 (w, P, Q)");

    /** d_state 1,024, the most that the official kernels take. */
    private static final long MAX_PAIRS = 512;
    /** Numbers in the dense state matrices that S4 sets up: 4 GB. */
    private static final long MAX_DENSE = 1L << 28;

    private final String place;
    private final String decay;
    private final String title;

    KernelFormat(String place, String decay, String title) {
        this.place = place;
        this.decay = decay;
        this.title = title;
    }

    /** The format of a block's kernel; null where there is none. */
    static @Nullable KernelFormat of(Transfer block) {
        return Arrays.stream(values()).filter(f -> block.has(f.place + f.decay)).findFirst().orElse(null);
    }

    /** Names that make a block one with a kernel, for messages. */
    static List<String> anchors() {
        return Arrays.stream(values()).map(f -> f.place + f.decay).toList();
    }

    /**
     * What a kernel's shapes say.
     *
     * @param format where they stood
     * @param features H
     * @param channels outputs per feature, both directions counted
     * @param pairs n, half of d_state
     * @param copies n_ssm
     * @param rank of the low-rank term; 0: diagonal
     * @param tied whether all states of a feature share dt
     */
    record Facts(KernelFormat format, long features, long channels, long pairs, long copies, long rank, boolean tied) {}

    /** Moves the parameters of one kernel to V4 names, {@code target} and further. */
    Facts move(Transfer block, String target) throws IOException {
        Transfer t = block.below(place, target);
        Facts facts = this == V4 ? moveV4(t) : moveOld(t);
        long dense = facts.rank() == 0 ? 0 : facts.features() * 4 * facts.pairs() * facts.pairs();
        if (facts.pairs() > MAX_PAIRS || dense > MAX_DENSE) {
            throw t.malformed("C", facts.features() + " features of " + 2 * facts.pairs() + " states",
                    "at most " + 2 * MAX_PAIRS + " states, and state matrices of " + MAX_DENSE + " numbers together");
        }
        return facts;
    }

    private static Facts moveV4(Transfer t) throws IOException {
        long[] c = t.shape("C");
        long[] a = t.shape("A_real");
        long[] dt = t.shape("inv_dt");
        boolean lowRank = t.has("P");
        if (c.length != 4 || c[3] != 2 || a.length != 2 || a[1] != c[2] || dt.length != 2) {
            throw t.malformed("C", Arrays.toString(c) + ", A_real " + Arrays.toString(a) + ", inv_dt "
                    + Arrays.toString(dt), "[c, h, n, 2], [s, n] and [h, 1] or [h, n]");
        }
        for (String name : List.of("C", "A_real", "A_imag", "B", "inv_dt")) {
            if (name.equals("A_imag") && !t.has(name)) {
                throw t.malformed(name, "nothing", "a complex system; real ones (is_real) have no place in s4j");
            }
            t.copy(name, name);
        }
        long rank = 0;
        if (lowRank) {
            rank = t.shape("P")[0];
            t.copy("P", "P");
            length(t, "l_kernel");
        }
        return new Facts(V4, c[1], c[0], c[2], a[0], rank, dt[1] == 1);
    }

    private Facts moveOld(Transfer t) throws IOException {
        OldKernel old = OldKernel.read(t, this);
        t.put("C", TensorData.of(old.c(), old.channels(), old.features(), old.pairs(), 2));
        t.put("inv_dt", TensorData.of(old.logDt(), old.features(), old.logDt().length / old.features()));
        t.put("B", TensorData.of(old.b(), 1, old.copies(), old.pairs(), 2));
        t.put("A_real", TensorData.of(old.logDecay(), old.copies(), old.pairs()));
        t.put("A_imag", TensorData.of(old.frequency(), old.copies(), old.pairs()));
        double[] p = old.p();
        long rank = p == null ? 0 : p.length / (2L * old.copies() * old.pairs());
        if (p != null) {
            t.put("P", TensorData.of(p, rank, old.copies(), old.pairs(), 2));
            storedLength(t);
        }
        return new Facts(this, old.features(), old.channels(), old.pairs(), old.copies(), rank,
                old.logDt().length == old.features());
    }

    /** V3 counts in L; 2022's nodes omega stand for the length 2 (number - 1). */
    private static void storedLength(Transfer t) throws IOException {
        if (t.has("L")) {
            length(t, "L");
        } else if (t.has("l_kernel")) {
            length(t, "l_kernel");
        } else {
            long nodes = t.shape("omega")[0];
            if (nodes < 2) {
                throw t.malformed("omega", nodes + " nodes", "at least 2: it says to which length C belongs");
            }
            t.put("l_kernel", TensorData.of(new long[]{2 * (nodes - 1)}));
        }
        t.ignore("omega");
        t.ignore("z");
    }

    private static void length(Transfer t, String name) throws IOException {
        TensorData length = t.read(name);
        if (length.size() != 1 || length.dtype().floating() || length.toLongs()[0] < 1) {
            throw t.malformed(name, length.size() == 1 ? String.valueOf(length.get(0)) : length.toString(),
                    "a length of at least 1: the model was never run, so its C belongs to no length yet");
        }
        t.put("l_kernel", TensorData.of(length.toLongs()));
    }

    /** For people. */
    String title() { return title; }

    /** Name of the parameter behind the real part of A. */
    String decay() { return decay; }

    /** Name of the imaginary part of A. */
    String frequency() {
        return this == V3 || this == V3_LOG ? "w_imag" : "A_imag";
    }

    static MalformedFileException unstable(Transfer t, long copy, long state, double real) {
        return t.malformed("w[" + copy + "," + state + "]", "real part " + real,
                "one below 0 (an unstable mode grows without bound)");
    }
}
