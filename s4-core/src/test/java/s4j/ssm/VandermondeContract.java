package s4j.ssm;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import s4j.math.Complex;
import s4j.math.SplitComplex;
import s4j.testkit.Comparison;
import s4j.testkit.Sizes;
import s4j.testkit.Tolerances;

/** What every Vandermonde kernel owes: implement {@link #subject} and inherit the tests. */
public interface VandermondeContract {
    VandermondeKernel subject();

    /** Relative error allowed in float64. */
    default double tolerance() { return Tolerances.SAME_KERNEL; }

    @Test
    default void kernelIsTheSumOfPowers() {
        for (int length : Sizes.all()) {
            for (int n : new int[]{1, 7, 32}) {
                long seed = 1000L * length + n;
                int rows = 3;
                SplitComplex w = draw(rows * n, seed, 1);
                SplitComplex z = draw(rows * n, seed + 1, 0.7);
                double[] expected = new double[rows * length];
                for (int row = 0; row < rows; row++) {
                    for (int l = 0; l < length; l++) {
                        for (int i = row * n; i < (row + 1) * n; i++) {
                            Complex power = z.at(i).pow(l);
                            expected[row * length + l] += 2 * w.at(i).times(power).re();
                        }
                    }
                }
                double[] actual = subject().kernel(w, z, rows, n, length);
                Comparison.requireClose("Vandermonde, L " + length + ", n " + n, seed, actual, expected, tolerance());
                Comparison.requireClose("float32, L " + length + ", n " + n, seed,
                        subject().kernelFloat32(w, z, rows, n, length), Float32.rounded(expected), Tolerances.FLOAT32);
            }
        }
    }

    /** Numbers in the square of this half side: inside the unit circle for nodes. */
    private static SplitComplex draw(int n, long seed, double size) {
        SplittableRandom random = new SplittableRandom(seed);
        SplitComplex z = new SplitComplex(new double[n], new double[n]);
        for (int i = 0; i < n; i++) {
            z.re()[i] = random.nextDouble(-size, size);
            z.im()[i] = random.nextDouble(-size, size);
        }
        return z;
    }
}
