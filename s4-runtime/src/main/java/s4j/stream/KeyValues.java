package s4j.stream;

/**
 * Keys and values of one stream or sequence in blocks of {@value #BLOCK} steps: keys {@code [h, BLOCK]}, so that a query's
 * scores of neighbouring steps lie on neighbouring lanes, then values {@code [BLOCK, h]}.
 *
 * @param heads heads
 * @param head features of one
 * @param stride floats of a padded row of values
 * @param blocks in a ring; {@link #UNBOUNDED}: as many as there are steps
 */
record KeyValues(int heads, int head, int stride, int blocks) {
    static final int BLOCK = 64;
    static final int UNBOUNDED = Integer.MAX_VALUE;

    /** Floats of one block. */
    int size() { return 2 * BLOCK * stride; }

    /** Floats for so many steps. */
    long size(long steps) { return Math.ceilDiv(steps, BLOCK) * size(); }

    private int block(long step) { return (int) (step / BLOCK % blocks) * size(); }

    /** Puts the key and the value of a step in their places from {@code at} on. */
    void put(float[] kv, int at, long step, float[] k, int kAt, float[] v, int vAt) {
        int block = at + block(step);
        int lane = (int) (step % BLOCK);
        for (int f = 0; f < heads * head; f++) {
            kv[block + f * BLOCK + lane] = k[kAt + f];
        }
        System.arraycopy(v, vAt, kv, block + (BLOCK + lane) * stride, stride);
    }

    /**
     * y = softmax(q kᵀ / √d) v of each head, over the steps {@code from} to {@code to}, exclusive.
     *
     * @param scores place for the steps rounded up to blocks on both sides
     */
    void attend(float[] q, int qAt, float[] kv, int at, long from, long to, float[] scores, float[] y, int yAt) {
        long first = from / BLOCK * BLOCK;
        int begin = (int) (from - first);
        int end = (int) (to - first);
        java.util.Arrays.fill(y, yAt, yAt + stride, 0);
        float scale = (float) (1 / Math.sqrt(head));
        for (int n = 0; n < heads; n++) {
            int feature = n * head;
            for (int s = 0; s < end; s += BLOCK) {
                score(q, qAt + feature, kv, at + block(first + s) + feature * BLOCK, scores, s);
            }
            float sum = softmax(scores, begin, end, scale);
            for (int s = begin; s < end; s++) {
                float w = scores[s] / sum;
                int v = at + block(first + s) + (BLOCK + (int) ((first + s) % BLOCK)) * stride + feature;
                for (int f = 0; f < head; f++) {
                    y[yAt + feature + f] += w * kv[v + f];
                }
            }
        }
    }

    /** Scores of one block. */
    private void score(float[] q, int qAt, float[] kv, int k, float[] scores, int s) {
        java.util.Arrays.fill(scores, s, s + BLOCK, 0);
        for (int f = 0; f < head; f++) {
            float w = q[qAt + f];
            int row = k + f * BLOCK;
            for (int i = 0; i < BLOCK; i++) {
                scores[s + i] += w * kv[row + i];
            }
        }
    }

    /** exp(scale (x − max)) in place; returns their sum. */
    private static float softmax(float[] x, int from, int to, float scale) {
        float most = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            most = Math.max(most, x[i]);
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            x[i] = (float) Math.exp(scale * (x[i] - most));
            sum += x[i];
        }
        return (float) sum;
    }
}
