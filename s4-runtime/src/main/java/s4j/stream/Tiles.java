package s4j.stream;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import s4j.kernel.Team;

/** One thread's pass over the states of a layer, its features shared with a team. Reused, so that a step allocates nothing. */
final class Tiles implements Team.Piece {
    private static final float[] NONE = new float[0];
    /** Multiplications from which on a second thread pays. */
    private static final int SHARED_FROM = 4_096;

    private final Team team;
    private @Nullable SsmLayer layer;
    private @Nullable Flow flow;
    private float[] u = NONE;
    private float[] y = NONE;

    Tiles(Team team) { this.team = team; }

    /** The next rows of streams. */
    void compute(SsmLayer of, Flow rows, float[] from, float[] to) {
        layer = of;
        flow = rows;
        u = from;
        y = to;
        if (of.tiles() > 1 && (long) rows.rows * of.stateSize() >= SHARED_FROM) {
            team.run(this);
        } else {
            run(0, 1);
        }
    }

    @Override
    public void run(int part, int parts) {
        SsmLayer of = Objects.requireNonNull(layer);
        int tiles = of.tiles();
        of.stream(part * tiles / parts, (part + 1) * tiles / parts, Objects.requireNonNull(flow), u, y);
    }
}
