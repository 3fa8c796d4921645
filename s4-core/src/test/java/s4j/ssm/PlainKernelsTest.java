package s4j.ssm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import s4j.math.SplitComplex;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Sizes;
import s4j.testkit.Tolerances;

class PlainKernelsTest {
    @Nested
    class Vandermonde implements VandermondeContract {
        @Override
        public VandermondeKernel subject() { return new PlainVandermonde(); }
    }

    @Nested
    class Cauchy implements CauchyContract {
        @Override
        public CauchyKernel subject() { return new PlainCauchy(); }
    }

    @Test
    void transformedConvolutionEqualsTheSum() {
        for (int length : Sizes.all()) {
            for (int kernelLength : new int[]{1, length / 2 + 1, length, length + 3}) {
                double[] k = Systems.input(kernelLength, 1);
                double[] u = Systems.input(length, 2);
                Comparison.requireClose("L " + length + ", kernel " + kernelLength, 2, Convolution.fft(k, u),
                        Convolution.direct(k, u), Tolerances.FFT);
            }
        }
        assertArrayEquals(new double[0], Convolution.fft(new double[]{1}, new double[0]));
    }

    @Test
    void wrongSizesAreRefused() {
        SplitComplex three = new SplitComplex(new double[3], new double[3]);
        assertEquals("Vandermonde weights has 3 entries; expected 4",
                Refusal.messageOf(() -> new PlainVandermonde().kernel(three, three, 2, 2, 5)));
        assertEquals("Cauchy poles has 3 entries; expected 1",
                Refusal.messageOf(() -> new PlainCauchy().resolvents(three, three, 3, 1, 5)));
        assertEquals("complex array: 1 real, 2 imaginary parts; expected equal numbers",
                Refusal.messageOf(() -> new SplitComplex(new double[1], new double[2])));
    }
}
