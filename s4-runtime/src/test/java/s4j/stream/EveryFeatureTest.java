package s4j.stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.io.ModelFile;
import s4j.kernel.Backend;
import s4j.kernel.state.StateTiles;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;

/**
 * The same systems before anything mixes them: each feature's own convolution and steps against its recurrence in float64. Behind
 * norms and projections such errors appear many times larger, where outputs of many scales cancel ({@link EverySystemTest}).
 * {@code -Ds4j.draws=1000} draws more.
 */
class EveryFeatureTest {
    private static final int DRAWS = Integer.getInteger("s4j.draws", 60);
    private static final int LENGTH = AnySystem.LENGTH;
    private static final int H = AnySystem.H;

    @ParameterizedTest
    @CsvSource({"zoh, true", "zoh, false", "bilinear, true", "bilinear, false", "nplr, true", "nplr, false"})
    void kernelAndStepsAreThoseOfTheRecurrence(String kind, boolean fastest) {
        Backend backend = fastest ? Backend.best() : Backend.SCALAR;
        boolean lowRank = kind.equals("nplr");
        double steps = lowRank ? Tolerances.EVERY_FEATURE_LOW_RANK : Tolerances.EVERY_FEATURE;
        for (long seed = 0; seed < DRAWS; seed++) {
            ModelFile file = lowRank ? AnySystem.lowRank(seed) : AnySystem.diagonal(kind, seed);
            SsmForms forms = AnySystem.forms(file, Machine.of(backend, 1));
            float[] u = TinyModels.noise(LENGTH * H, seed);
            double[][] expected = run(forms.reference(new float[H], H), u);
            double[][] convolved = convolved(forms.kernel(LENGTH), u);
            double[][] stepped = run(forms.steps(new float[H], H), u);
            // nearly every draw has a feature for which its layer steps in float64
            double[][] single = forms instanceof LowRankForms low ? run(low.single(new float[H], H), u) : null;
            for (int f = 0; f < H; f++) {
                String name = kind + " " + backend + ", feature " + f;
                Comparison.requireClose(name + ", convolution", seed, convolved[f], expected[f],
                        Tolerances.EVERY_KERNEL);
                Comparison.requireClose(name + ", steps", seed, stepped[f], expected[f], steps);
                if (single != null && AnySystem.stiffness(file, f) <= LowRankForms.STIFF) {
                    Comparison.requireClose(name + ", float32 steps", seed, single[f], expected[f], steps);
                }
            }
        }
    }

    /** Outputs {@code [h][l]} of inputs {@code [l, h]}. */
    private static double[][] run(Steps steps, float[] u) {
        float[] state = new float[steps.stateSize()];
        float[] y = new float[H];
        double[][] out = new double[H][LENGTH];
        for (int t = 0; t < LENGTH; t++) {
            for (int tile = 0; tile < H / StateTiles.TILE; tile++) {
                steps.step(tile, state, 0, t, u, t * H, y, 0);
            }
            for (int f = 0; f < H; f++) {
                out[f][t] = y[f];
            }
        }
        return out;
    }

    private static double[][] convolved(float[] k, float[] u) {
        double[][] out = new double[H][LENGTH];
        for (int f = 0; f < H; f++) {
            for (int t = 0; t < LENGTH; t++) {
                for (int j = 0; j <= t; j++) {
                    out[f][t] += (double) k[f * LENGTH + t - j] * u[j * H + f];
                }
            }
        }
        return out;
    }
}
