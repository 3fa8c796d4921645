package s4j.stream;

import java.util.Arrays;
import s4j.model.SequenceBatch;

/** Whole sequences through a network, some at a time, so that activations stay bounded. */
record Whole(Encoder encoder, Body body, Decoder decoder, Build build) {
    /** Rows that are worked on at once; a longer sequence alone takes more. */
    private static final int ROWS = 1 << 15;

    float[] forward(SequenceBatch batch) {
        int l = Math.multiplyExact(Math.ceilDiv(batch.length(), body.multiple()), body.multiple());
        int group = Math.max(1, ROWS / l);
        float[] y = new float[0];
        for (int at = 0; at < batch.size(); at += group) {
            int b = Math.min(group, batch.size() - at);
            float[] part = forward(batch, at, b, l);
            if (y.length == 0) {
                y = new float[Math.multiplyExact(part.length / b, batch.size())];
            }
            System.arraycopy(part, 0, y, part.length / b * at, part.length);
        }
        return y;
    }

    private float[] forward(SequenceBatch batch, int at, int b, int l) {
        int d = batch.features();
        int[] lengths = batch.lengths() == null ? null : Arrays.copyOfRange(batch.lengths(), at, at + b);
        float[] x = new float[Math.multiplyExact(Math.multiplyExact(b, l), d)];
        for (int i = 0; i < b; i++) {
            System.arraycopy(batch.x(), (at + i) * batch.length() * d, x, i * l * d, batch.length() * d);
        }
        Sequences sequences = new Sequences(b, l, lengths == null && l != batch.length()
                ? filled(b, batch.length())
                : lengths);
        int rows = sequences.rows();
        int stride = encoder.stride();
        float[] z = new float[Math.multiplyExact(rows, stride)];
        build.machine().forRows(rows, (first, count) -> encoder.rows(x, first * d, count, z, first * stride,
                build.scratch().get()));
        Body.Output out = decoder.lastAlone() ? body.last(z, sequences) : body.whole(z, sequences);
        return decoded(out, batch.length(), l);
    }

    /** Outputs without those of the steps that were added to fill a pool. */
    private float[] decoded(Body.Output out, int wanted, int l) {
        Sequences s = out.sequences();
        int d = decoder.outputs();
        if (!decoder.perStep()) {
            float[] y = new float[Math.multiplyExact(s.b(), d)];
            decoder.whole(out.x(), s, y, 0, build);
            return y;
        }
        float[] y = new float[Math.multiplyExact(s.rows(), d)];
        decoder.whole(out.x(), s, y, 0, build);
        if (wanted == l) {
            return y;
        }
        float[] cut = new float[s.b() * wanted * d];
        for (int i = 0; i < s.b(); i++) {
            System.arraycopy(y, i * l * d, cut, i * wanted * d, wanted * d);
        }
        return cut;
    }

    private static int[] filled(int b, int value) {
        int[] all = new int[b];
        Arrays.fill(all, value);
        return all;
    }
}
