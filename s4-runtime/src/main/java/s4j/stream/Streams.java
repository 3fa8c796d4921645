package s4j.stream;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import s4j.kernel.Team;

/**
 * One thread's pass of streams through a run of blocks. Many streams are shared with a team, each member taking its own
 * through all blocks without waiting for another; with few, the pieces of each block are shared. Reused, so that a step
 * allocates nothing.
 */
final class Streams implements Team.Piece {
    /** Streams of each thread from which on it reads all matrices for its own. */
    private static final int SHARED_FROM = 4;
    private static final float[] NONE = new float[0];

    private final Team team;
    private final Team alone = new Team(1);
    /** Places of each part. */
    private final @Nullable Scratch[] own;
    private List<ResidualBlock> blocks = List.of();
    private @Nullable Flow flow;
    private float[] x = NONE;
    private int stride;
    private int from;
    private int to;

    Streams(Team team) {
        this.team = team;
        this.own = new Scratch[team.threads()];
    }

    /** The next rows of streams through blocks {@code first} to {@code end}, exclusive, in place. */
    void compute(List<ResidualBlock> of, int first, int end, float[] rows, int width, Flow next, Scratch scratch) {
        if (team.threads() > 1 && next.streams >= SHARED_FROM * team.threads()) {
            blocks = of;
            from = first;
            to = end;
            x = rows;
            stride = width;
            flow = next;
            team.run(this);
            return;
        }
        for (int i = first; i < end; i++) {
            of.get(i).stream(rows, next, scratch);
        }
    }

    @Override
    public void run(int part, int parts) {
        Flow all = Objects.requireNonNull(flow);
        Scratch scratch = scratch(part);
        Flow mine = scratch.flow(0);
        mine.clear();
        int end = (part + 1) * all.streams / parts;
        int before = 0;
        for (int i = 0; i < end; i++) {
            if (i < part * all.streams / parts) {
                before += all.counts[i];
            } else {
                mine.add(all.states[i], all.counts[i], all.firsts[i]);
            }
        }
        int size = mine.rows * stride;
        float[] rows = scratch.get(Scratch.ENCODED, size);
        System.arraycopy(x, before * stride, rows, 0, size);
        for (int i = from; i < to; i++) {
            blocks.get(i).stream(rows, mine, scratch);
        }
        System.arraycopy(rows, 0, x, before * stride, size);
    }

    private Scratch scratch(int part) {
        Scratch scratch = own[part];
        if (scratch == null) {
            scratch = new Scratch(alone);
            own[part] = scratch;
        }
        return scratch;
    }
}
