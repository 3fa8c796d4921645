package s4j.kernel.vandermonde;

/** The product inside {@link VandermondeSums} as plain Java. */
final class ScalarVandermondeSums implements VandermondeSums.Inner {
    @Override
    public int panel() { return 1; }

    @Override
    public void multiply(double[] a, int rows, int k, double[] b, int n, double[] c) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int i = 0; i < k; i++) {
                    sum = Math.fma(a[r * k + i], b[i * n + j], sum);
                }
                c[r * n + j] = sum;
            }
        }
    }
}
