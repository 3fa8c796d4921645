package s4j.data.forecast;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The least value of a function of few numbers without its gradient (Nelder and Mead 1965). */
final class NelderMead {
    private static final int ROUNDS = 120;
    private static final double TOLERANCE = 1e-7;

    /** A place and its value. */
    @SuppressWarnings("ArrayRecordComponent") // values are handed on as they are
    private record Point(double[] x, double value) {}

    /**
     * The place of the least value that was found.
     *
     * @param start where to begin
     * @param free which numbers may change
     */
    static double[] least(ToDoubleFunction<double[]> f, double[] start, boolean[] free) {
        int[] moved = IntStream.range(0, start.length).filter(i -> free[i]).toArray();
        int n = moved.length;
        Point[] points = new Point[n + 1];
        for (int i = 0; i <= n; i++) {
            double[] x = start.clone();
            if (i > 0) {
                x[moved[i - 1]] += 1;
            }
            points[i] = new Point(x, f.applyAsDouble(x));
        }
        for (int round = 0; round < ROUNDS; round++) {
            Arrays.sort(points, Comparator.comparingDouble(Point::value));
            if (Math.abs(points[n].value - points[0].value) <= TOLERANCE * (Math.abs(points[0].value) + TOLERANCE)) {
                break;
            }
            double[] centre = new double[start.length];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < centre.length; j++) {
                    centre[j] += points[i].x[j] / n;
                }
            }
            Point mirrored = between(f, centre, points[n].x, -1);
            Point next = mirrored;
            if (mirrored.value < points[0].value) {
                Point further = between(f, centre, points[n].x, -2);
                next = further.value < mirrored.value ? further : mirrored;
            } else if (mirrored.value >= points[n - 1].value) {
                next = between(f, centre, points[n].x, mirrored.value < points[n].value ? -0.5 : 0.5);
            }
            if (next.value < points[n].value) {
                points[n] = next;
            } else {
                for (int i = 1; i <= n; i++) {
                    points[i] = between(f, points[0].x, points[i].x, 0.5);
                }
            }
        }
        return Arrays.stream(points).min(Comparator.comparingDouble(Point::value)).orElseThrow().x;
    }

    private static Point between(ToDoubleFunction<double[]> f, double[] centre, double[] x, double share) {
        double[] out = new double[x.length];
        Arrays.setAll(out, j -> centre[j] + share * (x[j] - centre[j]));
        return new Point(out, f.applyAsDouble(out));
    }

    private NelderMead() {}
}
