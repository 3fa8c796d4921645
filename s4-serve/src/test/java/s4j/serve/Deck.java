package s4j.serve;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import s4j.stream.S4Model;
import s4j.stream.Session;

/** Sequences for a load, and what a session by itself answers to each step of them, as a binary message. */
final class Deck {
    private final float[][] inputs;
    private final byte[][][] answers;

    /**
     * Of a model of one input.
     *
     * @param sequences so many different ones
     * @param steps of each
     */
    Deck(S4Model model, int sequences, int steps) {
        inputs = new float[sequences][steps];
        answers = new byte[sequences][steps][];
        for (int k = 0; k < sequences; k++) {
            Session alone = model.newSession();
            for (int t = 0; t < steps; t++) {
                inputs[k][t] = (float) Math.sin(k + 0.1 * t);
                float[] y = alone.step(inputs[k][t]);
                ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * y.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(y);
                answers[k][t] = bytes.array();
            }
        }
    }

    int steps() { return inputs[0].length; }

    /** Step t of a stream. */
    float input(int stream, int t) { return inputs[stream % inputs.length][t]; }

    /** What it must be answered. */
    byte[] answer(int stream, int t) { return answers[stream % answers.length][t]; }
}
