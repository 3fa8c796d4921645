package s4j.official;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Comparison.requireClose;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.TensorData;
import s4j.math.Complex;
import s4j.ssm.AttunedDplrSsm;
import s4j.ssm.DiagonalSsm;
import s4j.ssm.Discretization;
import s4j.ssm.Dplr;
import s4j.testkit.Tolerances;
import s4j.testkit.TorchFile;
import s4j.testkit.TorchFile.Tensor;

/** Kernels before V4 and after the move are the same functions of time. */
final class KernelFormatTest {
    private static final int L = 33;

    @TempDir
    Path directory = Path.of("");

    private OfficialModel read(Object root) throws IOException {
        Path file = directory.resolve("c.pt");
        Files.write(file, TorchFile.of(root));
        return OfficialModel.read(file, null);
    }

    private static double[] raw(Map<String, Object> names, String name) {
        Tensor t = (Tensor) names.get(name);
        assertNotNull(t, name);
        ByteBuffer b = ByteBuffer.wrap(t.data()).order(ByteOrder.LITTLE_ENDIAN);
        double[] out = new double[t.data().length / 4];
        Arrays.setAll(out, i -> b.getFloat(4 * i));
        return out;
    }

    private static double[] moved(OfficialModel model, String name) {
        TensorData t = model.tensors().get(name);
        assertNotNull(t, name);
        return t.toDoubles();
    }

    private static Complex[] complex(double[] values, int from, int n) {
        Complex[] out = new Complex[n];
        Arrays.setAll(out, i -> Complex.of(values[2 * (from + i)], values[2 * (from + i) + 1]));
        return out;
    }

    /** A of copy {@code s}, from V4's parameters. */
    private static Complex[] poles(OfficialModel model, String kernel, int s, int n) {
        double[] re = moved(model, kernel + "A_real");
        double[] im = moved(model, kernel + "A_imag");
        Complex[] out = new Complex[n];
        Arrays.setAll(out, i -> Complex.of(-Math.exp(re[s * n + i]), -im[s * n + i]));
        for (Complex a : out) {
            assertTrue(a.im() <= 0, "the pole with negative imaginary part is kept, got " + a);
        }
        return out;
    }

    @Test
    void minimalS4dKernelStaysTheSame() throws IOException {
        Map<String, Object> names = Fixtures.example("");
        OfficialModel model = read(names);
        int n = Fixtures.PAIRS;
        String old = "s4_layers.1.kernel.";
        String kernel = "model.layers.1.layer.layer.kernel.";
        for (int h = 0; h < Fixtures.H; h++) {
            double[] expected = new double[L];
            double dt = Math.exp(raw(names, old + "log_dt")[h]);
            for (int i = 0; i < n; i++) {
                Complex a = Complex.of(-Math.exp(raw(names, old + "log_A_real")[h * n + i]),
                        raw(names, old + "A_imag")[h * n + i]);
                Complex c = complex(raw(names, old + "C"), h * n + i, 1)[0];
                Complex scaled = c.times(a.times(dt).expm1()).dividedBy(a);
                for (int l = 0; l < L; l++) {
                    expected[l] += 2 * scaled.times(a.times(dt * l).exp()).re();
                }
            }
            DiagonalSsm ssm = new DiagonalSsm(new double[]{Math.exp(moved(model, kernel + "inv_dt")[h])},
                    poles(model, kernel, h, n), complex(moved(model, kernel + "B"), h * n, n),
                    new Complex[][]{complex(moved(model, kernel + "C"), h * n, n)}, new double[]{0});
            requireClose("minimal S4D, feature " + h, 1, ssm.kernel(Discretization.ZOH, L)[0], expected,
                    Tolerances.SAME_KERNEL);
        }
    }

    /** One feature and direction of the moved S4. */
    private static AttunedDplrSsm attuned(OfficialModel model, int direction, int h) {
        int n = Fixtures.PAIRS;
        String kernel = "model.layers.0.layer.layer.kernel.";
        Dplr system = new Dplr(poles(model, kernel, h % 2, n),
                new Complex[][]{complex(moved(model, kernel + "P"), h % 2 * n, n)},
                complex(moved(model, kernel + "B"), h % 2 * n, n));
        Complex[] c = complex(moved(model, kernel + "C"), (direction * Fixtures.H + h) * n, n);
        return new AttunedDplrSsm(Math.exp(moved(model, kernel + "inv_dt")[h]), system, new Complex[][]{c},
                new double[]{0}, (int) moved(model, kernel + "l_kernel")[0]);
    }

    @Test
    void nplrOf2022StaysTheSameInBothDirections() throws IOException {
        Map<String, Object> names = Fixtures.nplr2022("module.");
        OfficialModel model = read(names);
        int n = Fixtures.PAIRS;
        String old = "module.s4_layers.0.kernel.kernel.";
        for (int direction = 0; direction < 2; direction++) {
            for (int h = 0; h < Fixtures.H; h++) {
                int s = h % 2;
                Dplr system = new Dplr(complex(raw(names, old + "w"), s * n, n),
                        new Complex[][]{complex(raw(names, old + "P"), s * n, n)}, complex(raw(names, old + "B"), s * n,
                                n));
                Complex[] c = complex(raw(names, old + "C"), (direction * Fixtures.H + h) * n, n);
                AttunedDplrSsm expected = new AttunedDplrSsm(Math.exp(raw(names, old + "log_dt")[h]), system,
                        new Complex[][]{c}, new double[]{0}, 8);
                // log(-Re w) is rounded to float32 once
                requireClose("2022, feature " + h, 2, attuned(model, direction, h).kernel(), expected.kernel(),
                        Tolerances.FLOAT32);
            }
        }
    }

    @Test
    void importedConvolutionEqualsRecurrenceInBothDirections() throws IOException {
        OfficialModel model = read(Fixtures.nplr2022("module."));
        for (int direction = 0; direction < 2; direction++) {
            for (int h = 0; h < Fixtures.H; h++) {
                AttunedDplrSsm ssm = attuned(model, direction, h);
                assertEquals(8, ssm.length());
                requireClose("2022, feature " + h, 2, ssm.kernel(8, 1.0), ssm.trueC().recurrence().krylov(8),
                        Tolerances.SAME_KERNEL);
                requireClose("2022, longer, feature " + h, 2, ssm.kernel(L, 1.0), ssm.trueC().recurrence().krylov(L),
                        Tolerances.SAME_KERNEL);
            }
        }
    }

    @Test
    void v3IsTheSameWithItsPolesInTwoParts() throws IOException {
        Map<String, Object> complexPoles = Fixtures.nplr2022("");
        Map<String, Object> v3 = new LinkedHashMap<>(complexPoles);
        String at = "s4_layers.0.kernel.kernel.";
        double[] w = raw(complexPoles, at + "w");
        float[] decay = new float[w.length / 2];
        float[] imag = new float[w.length / 2];
        for (int i = 0; i < decay.length; i++) {
            decay[i] = (float) Math.log(-w[2 * i]);
            imag[i] = (float) w[2 * i + 1];
        }
        for (String name : new String[]{"w", "Q", "omega", "z"}) {
            v3.remove(at + name);
        }
        v3.put(at + "w_imag", Tensor.floats(imag, 2, Fixtures.PAIRS));
        v3.put(at + "L", Tensor.longs(new long[]{8}));
        for (String name : new String[]{"inv_w_real", "log_w_real"}) {
            Map<String, Object> variant = new LinkedHashMap<>(v3);
            variant.put(at + name, Tensor.floats(decay, 2, Fixtures.PAIRS));
            assertEquals(read(complexPoles).tensors(), read(variant).tensors());
        }
    }
}
