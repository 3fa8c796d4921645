package s4j.stream;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import s4j.kernel.Team;
import s4j.kernel.matrix.PackedMatrix;

/**
 * One thread's matrix product of rows, its outputs shared with a team where that pays. Reused, so that a step allocates
 * nothing.
 */
final class Product implements Team.Piece {
    /** Multiplications from which on a second thread pays: a few microseconds. */
    private static final int SHARED_FROM = 8_192;
    private static final float[] NONE = new float[0];

    private final Team team;
    /** Places for widened weights, one a part. */
    private final float[][] widened;
    private @Nullable PackedMatrix matrix;
    private float[] x = NONE;
    private float[] y = NONE;
    private int xAt;
    private int xStride;
    private int yAt;
    private int rows;

    Product(Team team) {
        this.team = team;
        this.widened = new float[team.threads()][];
        Arrays.fill(widened, NONE);
    }

    /** Rows of x to rows of y, which are {@link PackedMatrix#outputStride} long. */
    void compute(PackedMatrix by, float[] from, int fromAt, int fromStride, int count, float[] to, int toAt) {
        matrix = by;
        x = from;
        xAt = fromAt;
        xStride = fromStride;
        rows = count;
        y = to;
        yAt = toAt;
        if (by.panels() > 1 && (long) count * by.weights() >= SHARED_FROM) {
            team.run(this);
        } else {
            run(0, 1);
        }
    }

    @Override
    public void run(int part, int parts) {
        PackedMatrix by = Objects.requireNonNull(matrix);
        if (widened[part].length < by.scratchSize()) {
            widened[part] = new float[by.scratchSize()];
        }
        int panels = by.panels();
        by.multiply(part * panels / parts, (part + 1) * panels / parts, x, xAt, xStride, y, yAt, by.outputStride(),
                rows, widened[part]);
    }
}
