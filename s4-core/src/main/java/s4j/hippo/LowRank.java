package s4j.hippo;

import s4j.math.RealMatrix;

/**
 * The low-rank term P that makes a HiPPO matrix normal: {@code A + P^T P} (P by rows) is a multiple of the identity plus a
 * skew-symmetric matrix.
 *
 * <p>Source: Gu et al., S4 (2111.00396), appendix C.1.
 */
public final class LowRank {
    /**
     * P {@code [rank, n]}: the correction's own rows, then rows of zeros.
     *
     * @throws IllegalArgumentException when the measure has no correction or the rank is below what it needs
     */
    public static RealMatrix of(Measure measure, int n, int rank) {
        double[][] rows = rows(measure, n);
        if (rank < rows.length || rank < 1) {
            throw new IllegalArgumentException("low-rank correction of " + measure.label() + ": rank " + rank
                    + "; expected at least " + rows.length + ". Set rank=" + rows.length + " or choose another init");
        }
        return RealMatrix.of(rank, n, (r, i) -> r < rows.length ? rows[r][i] : 0);
    }

    private static double[][] rows(Measure measure, int n) {
        return switch (measure) {
            case Measure.LegS() -> new double[][]{fill(n, i -> Math.sqrt(i + 0.5))};
            case Measure.LegT() -> new double[][]{fill(n, i -> i % 2 == 1 ? Math.sqrt(i + 0.5) : 0),
                    fill(n, i -> i % 2 == 0 ? Math.sqrt(i + 0.5) : 0)};
            case Measure.LagT _ -> new double[][]{fill(n, i -> Math.sqrt(0.5))};
            case Measure.LegSD() -> new double[][]{new double[n]};
            case Measure.Fourier kind -> {
                double scale = switch (kind) {
                    case FOURIER -> 1;
                    case FOURIER2 -> Math.sqrt(2);
                    case FOURIER_DECAY -> Math.sqrt(0.5);
                    case FOURIER_DIAG -> 0;
                };
                double[] ends = HippoMatrix.fourierEnds(n);
                yield new double[][]{fill(n, i -> scale * ends[i])};
            }
            case Measure.Lmu _,Measure.TLagT _,Measure.GLagT _,Measure.RandomDense _,Measure.RandomDiagonal _ ->
                throw new IllegalArgumentException("low-rank correction of " + measure.label()
                        + ": none is known; expected legs, legt, lagt, fourier, fourier2, fourier_decay, fourier_diag or"
                        + " legsd. Use the dense form");
        };
    }

    @FunctionalInterface
    private interface Term {
        double at(int i);
    }

    private static double[] fill(int n, Term term) {
        double[] p = new double[n];
        for (int i = 0; i < n; i++) {
            p[i] = term.at(i);
        }
        return p;
    }

    private LowRank() {}
}
