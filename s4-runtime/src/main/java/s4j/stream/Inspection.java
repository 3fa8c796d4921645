package s4j.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.math.Complex;
import s4j.model.S4LayerConfig;
import s4j.ssm.SsmInit;

/**
 * What the S4 layers of a model have learnt: for each feature its modes, its step and its kernel. D and what stands around the SSM
 * are not looked at.
 *
 * @param layers in order; those that are no S4, and DSS, which has no modes, are left out
 * @param left why layers were left out; empty: none was
 */
public record Inspection(List<Layer> layers, String left) {
    /** Longest kernel that is computed. */
    private static final int LONGEST = 16_384;
    /** The share of a kernel's energy that is its memory. */
    private static final double ENERGY = 0.99;
    /** A multiple of how many initialisations one name combines. */
    private static final int COPIES = 4;

    /**
     * One S4 layer.
     *
     * @param name e.g. {@code layer 3}
     * @param config its configuration
     * @param features one each
     * @param initial Λ before training; empty: it was random
     */
    public record Layer(String name, S4LayerConfig config, List<Feature> features, List<Complex> initial) {}

    /**
     * One feature of a layer.
     *
     * @param dt its step, the geometric mean where each state has one
     * @param diagonal Λ: the eigenvalues of a diagonal A; S4 has A = Λ − P P*
     * @param modes one of each conjugate pair; none where A is so nearly defective that float64 cannot tell them apart
     * @param kernels K {@code [rows][l]}, the reverse ones of a bidirectional layer behind
     */
    public record Feature(double dt, List<Complex> diagonal, List<Mode> modes, float[][] kernels) {
        /** Steps that hold 99 % of the energy {@code Σ K²} of an output row, of those that were computed. */
        public int memory(int row) {
            double all = 0;
            for (float k : kernels[row]) {
                all += (double) k * k;
            }
            double sum = 0;
            for (int t = 0; t < kernels[row].length; t++) {
                sum += (double) kernels[row][t] * kernels[row][t];
                if (sum >= ENERGY * all) {
                    return t + 1;
                }
            }
            return kernels[row].length;
        }

        /** The H2 norm of the whole filter of a row, {@code Σ g_i conj(g_j) / (1 − z_i conj(z_j))} over both of each pair, rooted. */
        public double h2(int row) {
            Complex sum = Complex.ZERO;
            for (Mode m : modes) {
                for (Mode o : modes) {
                    Complex g = m.gains()[row];
                    Complex h = o.gains()[row];
                    sum = sum.plus(
                            g.times(h.conjugate()).dividedBy(Complex.ONE.minus(m.z().times(o.z().conjugate()))))
                            .plus(g.times(h).dividedBy(Complex.ONE.minus(m.z().times(o.z()))));
                }
            }
            return Math.sqrt(Math.max(0, 2 * sum.re()));
        }
    }

    /**
     * Looks at a model.
     *
     * @param name of the file, for messages
     */
    public static Inspection of(ModelFile file, String name) throws MalformedFileException {
        S4Model model = S4Model.of(file, name, ModelOptions.standard());
        List<Layer> layers = new ArrayList<>();
        List<S4Block> blocks = model.body().s4Layers();
        int all = model.body().layers().size();
        for (int i = 0; i < blocks.size(); i++) {
            SsmForms forms = blocks.get(i).ssm().forms();
            if (forms != null) {
                layers.add(layer("layer " + (i + 1), blocks.get(i).ssm(), forms,
                        Math.min(model.config().lMax(), LONGEST)));
            }
        }
        return new Inspection(layers, layers.size() == all
                ? ""
                : "%d of %d layers are no S4 with a recurrence and are left out".formatted(all - layers.size(), all));
    }

    private static Layer layer(String name, SsmLayer layer, SsmForms forms, int length) {
        int h = layer.features();
        float[] k = forms.kernel(length);
        List<Feature> features = IntStream.range(0, h).parallel().mapToObj(f -> {
            float[][] rows = new float[layer.kernels()][];
            for (int r = 0; r < rows.length; r++) {
                rows[r] = Arrays.copyOfRange(k, (r * h + f) * length, (r * h + f + 1) * length);
            }
            return new Feature(forms.dt(f), forms.diagonal(f), forms.modes(f), rows);
        }).toList();
        return new Layer(name, layer.config(), features, initial(layer.config()));
    }

    /** Λ that training began with, where it is a formula. */
    static List<Complex> initial(S4LayerConfig c) {
        if (c.realRandom() || c.imagRandom() || c.init().stream().anyMatch(i -> i.contains("rand"))) {
            return List.of();
        }
        SsmInit.Options options = new SsmInit.Options(c.realScale(), c.imagScale(), false, false, c.bInit(), c.bScale(),
                c.pScale(), c.normalize());
        LinkedHashSet<Complex> all = new LinkedHashSet<>();
        SsmInit.create(c.init(), c.dState(), c.rank(), COPIES * c.init().size(), options, new SplittableRandom(0))
                .forEach(system -> all.addAll(List.of(system.lambda())));
        return List.copyOf(all);
    }
}
