package s4j.flink.examples;

/** A moving mean and standard deviation: the simple forecast that a model must beat. */
public final class Window {
    /** Measurements. */
    private static final int SIZE = 96;
    /** Of a sensor that stands still, in standard deviations of its scale. */
    private static final double LEAST = 0.05;

    /** The last values, a ring. */
    public double[] values = new double[SIZE];
    /** Values taken. */
    public long taken;

    /** For the engine. */
    public Window() {}

    /** How many moving standard deviations a value is from the moving mean of those before it; then takes it. */
    public double error(double value) {
        int n = (int) Math.min(taken, SIZE);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            sum += values[i];
            squares += values[i] * values[i];
        }
        double mean = n == 0 ? 0 : sum / n;
        double std = n == 0 ? 1 : Math.sqrt(Math.max(0, squares / n - mean * mean));
        values[(int) (taken++ % SIZE)] = value;
        return (value - mean) / Math.max(std, LEAST);
    }
}
