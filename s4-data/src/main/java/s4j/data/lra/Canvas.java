package s4j.data.lra;

/**
 * Pictures of a square of so many pixels a side, row by row: strokes and discs drawn several times as large and shrunk by Lanczos'
 * kernel, and what lies within some pixels of them.
 *
 */
final class Canvas {
    private static final int LOBES = 3;

    private final int side;
    private final int scale;
    /** Where the weights of each pixel begin, and the weights. */
    private final int[] firsts;
    private final float[][] weights;

    /**
     * A canvas.
     *
     * @param side pixels
     * @param scale how much larger is drawn
     */
    Canvas(int side, int scale) {
        this.side = side;
        this.scale = scale;
        this.firsts = new int[side];
        this.weights = new float[side][];
        for (int i = 0; i < side; i++) {
            double centre = (i + 0.5) * scale;
            firsts[i] = Math.max(0, (int) (centre - LOBES * scale + 0.5));
            int to = Math.min(side * scale, (int) (centre + LOBES * scale + 0.5));
            double[] own = new double[to - firsts[i]];
            double total = 0;
            for (int k = 0; k < own.length; k++) {
                own[k] = lanczos((firsts[i] + k + 0.5 - centre) / scale);
                total += own[k];
            }
            weights[i] = new float[own.length];
            for (int k = 0; k < own.length; k++) {
                weights[i][k] = (float) (own[k] / total);
            }
        }
    }

    /** A stroke between two points (y, x) in pixels. */
    float[] stroke(double y0, double x0, double y1, double x1, double thickness) {
        double half = Math.max(0.5, thickness * scale / 2);
        double dy = (y1 - y0) * scale;
        double dx = (x1 - x0) * scale;
        double squared = Math.max(1e-12, dy * dy + dx * dx);
        return drawn((y, x) -> {
            double along = Math.clamp(((y - y0 * scale) * dy + (x - x0 * scale) * dx) / squared, 0, 1);
            return Math.hypot(y - y0 * scale - along * dy, x - x0 * scale - along * dx) <= half;
        });
    }

    /** A disc. */
    float[] disc(double y0, double x0, double radius) {
        return drawn((y, x) -> Math.hypot(y - y0 * scale, x - x0 * scale) <= radius * scale);
    }

    private interface Shape {
        boolean holds(double y, double x);
    }

    private float[] drawn(Shape shape) {
        int large = side * scale;
        float[] picture = new float[large * large];
        for (int y = 0; y < large; y++) {
            for (int x = 0; x < large; x++) {
                picture[y * large + x] = shape.holds(y, x) ? 1 : 0;
            }
        }
        return shrunk(shrunk(picture, large), large);
    }

    /** Along the rows, then turned: twice is both ways. */
    private float[] shrunk(float[] picture, int large) {
        int rows = picture.length / large;
        float[] out = new float[rows * side];
        for (int i = 0; i < side; i++) {
            for (int r = 0; r < rows; r++) {
                float sum = 0;
                for (int k = 0; k < weights[i].length; k++) {
                    sum += picture[r * large + firsts[i] + k] * weights[i][k];
                }
                out[i * rows + r] = Math.clamp(sum, 0f, 1f);
            }
        }
        return out;
    }

    private static double lanczos(double x) {
        if (x == 0) {
            return 1;
        }
        double a = Math.PI * x;
        return Math.abs(x) >= LOBES ? 0 : LOBES * Math.sin(a) * Math.sin(a / LOBES) / (a * a);
    }

    /** What lies within a distance of anything above a quarter. */
    boolean[] dilated(float[] picture, int radius) {
        boolean[] out = new boolean[picture.length];
        for (int at = 0; at < out.length; at++) {
            if (picture[at] <= 0.25f) {
                continue;
            }
            int y = at / side;
            int x = at % side;
            for (int dy = -radius; dy <= radius; dy++) {
                for (int dx = -radius; dx <= radius; dx++) {
                    boolean inside = y + dy >= 0 && y + dy < side && x + dx >= 0 && x + dx < side;
                    if (inside && dy * dy + dx * dx <= radius * radius) {
                        out[(y + dy) * side + x + dx] = true;
                    }
                }
            }
        }
        return out;
    }
}
