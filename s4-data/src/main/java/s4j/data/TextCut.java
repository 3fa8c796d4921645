package s4j.data;

/**
 * Which tokens before the test's are kept for validation: the text is cut into as many equal parts as there are blocks, and the
 * last tokens of each part are one. Training reads what is left, one part after the other.
 *
 * @param size tokens before the test's
 * @param validation how many of them are for validation
 * @param blocks in how many blocks
 */
record TextCut(long size, long validation, int blocks) {
    private long end(int block) { return share(size - validation, block + 1) + share(validation, block + 1); }

    private long begin(int block) { return share(size - validation, block + 1) + share(validation, block); }

    private long share(long of, int parts) { return Math.multiplyExact(of, parts) / blocks; }

    /** Whether a token is trained on. */
    boolean trains(long at) {
        if (at >= size) {
            return false;
        }
        int block = (int) Math.max(0, Math.multiplyExact(at, blocks) / size - 1);
        while (block < blocks - 1 && at >= end(block)) { // parts differ by a token or two
            block++;
        }
        return at < begin(block);
    }

    /** The tokens to train on. */
    Tokens training(Tokens all) {
        if (blocks == 1) {
            return all.slice(0, begin(0));
        }
        Tokens.Filling out = Tokens.filling(size - validation, all);
        for (int block = 0; block < blocks; block++) {
            out.add(all, block == 0 ? 0 : end(block - 1), begin(block));
        }
        return out.filled();
    }

    /** Those to choose by. */
    Tokens validation(Tokens all) {
        if (blocks == 1) {
            return all.slice(begin(0), size);
        }
        Tokens.Filling out = Tokens.filling(validation, all);
        for (int block = 0; block < blocks; block++) {
            out.add(all, begin(block), end(block));
        }
        return out.filled();
    }
}
