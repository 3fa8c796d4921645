package s4j.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    static final int WIDENED = 8;
    static final int LANES = 9;
    static final int ENCODED = 10;
    static final int DECODED = 11;
    static final int GATHERED = 12;
    /** From here on, places of SaShiMi's stages. */
    static final int STAGES = 13;

    private static final float[] NONE = new float[0];

    private float[][] places = new float[STAGES][];
    private final List<Flow> flows = new ArrayList<>();

    Scratch() { Arrays.fill(places, NONE); }

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

    /** The flow of a stage. */
    Flow flow(int depth) {
        while (flows.size() <= depth) {
            flows.add(new Flow());
        }
        return flows.get(depth);
    }
}
