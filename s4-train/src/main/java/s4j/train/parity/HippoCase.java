package s4j.train.parity;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import s4j.hippo.HippoMatrix;
import s4j.hippo.LowRank;
import s4j.hippo.Measure;
import s4j.hippo.Nplr;
import s4j.io.TensorData;
import s4j.math.Complex;
import s4j.math.ComplexMatrix;

/**
 * HiPPO matrices as they are, and the NPLR form through products that do not depend on the phases of eigenvectors, which
 * are arbitrary. Under the name of each stored tensor stands:
 *
 * <pre>
 *   nplr_Lambda  Λ, sorted           nplr_B  V B           nplr_P  V P
 *   nplr_V       A rebuilt: 2 Re(V Λ V*) − Σ_r x_r x_rᵀ with x_r = 2 Re(V P_r)
 * </pre>
 */
final class HippoCase {
    private HippoCase() {}

    static Map<String, TensorData> references(GoldenCase golden) {
        Map<String, TensorData> references = new TreeMap<>(golden.tensors());
        Complex[] lambda = complex(golden.tensor("nplr_Lambda"));
        Complex[] p = complex(golden.tensor("nplr_P"));
        Complex[] v = complex(golden.tensor("nplr_V"));
        int n = lambda.length;
        Complex[][] rows = new Complex[p.length / n][];
        Arrays.setAll(rows, r -> Arrays.copyOfRange(p, r * n, (r + 1) * n));
        references.putAll(products(lambda, rows, complex(golden.tensor("nplr_B")),
                ComplexMatrix.of(v.length / n, n, (i, j) -> v[i * n + j])));
        return references;
    }

    static Map<String, TensorData> compute(GoldenCase golden) {
        Measure measure = Measure.named(String.valueOf(golden.options().get("measure")));
        int size = golden.integer("N");
        int rank = golden.integer("rank");
        HippoMatrix hippo = HippoMatrix.of(measure, size);
        Nplr nplr = Nplr.of(measure, size, rank);
        Map<String, TensorData> results = new LinkedHashMap<>();
        results.put("A", TensorData.of(hippo.a().values(), size, size));
        results.put("B", TensorData.of(hippo.b(), size));
        results.put("P_dense", TensorData.of(LowRank.of(measure, size, rank).values(), rank, size));
        results.putAll(products(nplr.lambda(), nplr.p(), nplr.b(), nplr.v()));
        return results;
    }

    private static Map<String, TensorData> products(Complex[] lambda, Complex[][] p, Complex[] b, ComplexMatrix v) {
        Complex[] sorted = lambda.clone();
        Arrays.sort(sorted, Comparator.comparingDouble(Complex::im));
        ComplexMatrix normal = v.times(ComplexMatrix.diagonal(lambda)).times(v.conjugateTranspose());
        double[] rebuilt = new double[v.rows() * v.rows()];
        Arrays.setAll(rebuilt, i -> 2 * normal.at(i / v.rows(), i % v.rows()).re());
        Complex[] vp = new Complex[p.length * v.rows()];
        for (int r = 0; r < p.length; r++) {
            Complex[] x = v.times(p[r]);
            System.arraycopy(x, 0, vp, r * v.rows(), v.rows());
            for (int i = 0; i < rebuilt.length; i++) {
                rebuilt[i] -= 4 * x[i / v.rows()].re() * x[i % v.rows()].re();
            }
        }
        return Map.of("nplr_Lambda", data(sorted), "nplr_B", data(v.times(b)), "nplr_P", data(vp), "nplr_V",
                TensorData.of(rebuilt, v.rows(), v.rows()));
    }

    private static Complex[] complex(TensorData pairs) {
        double[] values = pairs.toDoubles();
        Complex[] complex = new Complex[values.length / 2];
        Arrays.setAll(complex, i -> Complex.of(values[2 * i], values[2 * i + 1]));
        return complex;
    }

    private static TensorData data(Complex[] values) {
        double[] pairs = new double[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            pairs[2 * i] = values[i].re();
            pairs[2 * i + 1] = values[i].im();
        }
        return TensorData.of(pairs, values.length, 2);
    }
}
