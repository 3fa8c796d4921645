package s4j.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import s4j.kernel.Team;

/** The places of one thread for what lies between two layers; they grow to the largest size asked for and stay. */
final class Scratch {
    static final int NORMED = 0;
    static final int MIXED = 1;
    static final int INNER = 2;
    static final int CONVOLVED = 3;
    static final int PROJECTED = 4;
    static final int GATED = 5;
    static final int GATE = 6;
    static final int POINTWISE = 7;
    static final int LANES = 8;
    static final int ENCODED = 9;
    static final int DECODED = 10;
    static final int GATHERED = 11;
    /** From here on, places of SaShiMi's stages. */
    static final int STAGES = 12;

    private static final float[] NONE = new float[0];

    private float[][] places = new float[STAGES][];
    private final List<Flow> flows = new ArrayList<>();
    private final Product product;
    private final Tiles tiles;
    private final Streams streams;

    /** {@code team} takes part in what is computed with these places. */
    Scratch(Team team) {
        Arrays.fill(places, NONE);
        this.product = new Product(team);
        this.tiles = new Tiles(team);
        this.streams = new Streams(team);
    }

    /** This thread's matrix product. */
    Product product() { return product; }

    /** This thread's pass over the states of a layer. */
    Tiles tiles() { return tiles; }

    /** This thread's pass of streams through blocks. */
    Streams streams() { return streams; }

    /** A place of at least that size; what it held is kept unless it grows. */
    float[] get(int place, int size) {
        if (place >= places.length) {
            int before = places.length;
            places = Arrays.copyOf(places, place + 1);
            Arrays.fill(places, before, place + 1, NONE);
        }
        if (places[place].length < size) {
            places[place] = new float[size];
        }
        return places[place];
    }

    /** The flow of the first stage with the next steps of one stream. */
    Flow flow(StreamState state, int steps) {
        Flow flow = flow(0);
        flow.clear();
        flow.add(state, steps, state.steps);
        return flow;
    }

    /** The flow of a stage. */
    Flow flow(int depth) {
        while (flows.size() <= depth) {
            flows.add(new Flow());
        }
        return flows.get(depth);
    }
}
