package s4j.data;

import org.jspecify.annotations.Nullable;
import s4j.math.SplitMix64;
import s4j.model.SequenceBatch;
import s4j.model.SequenceBatch.Context;

/**
 * A row of tokens cut into as many rows as a batch has, and these into chunks: row r of each batch goes on where row r of the batch
 * before it ended. Up to rows − 1 tokens at the end are left out. At each step the network sees the token before the one it is to
 * say.
 *
 * @param tokens all of them
 * @param first what is taken to stand before them
 * @param batchSize rows
 * @param length steps of a chunk; the last one is shorter
 * @param dropLast whether that is left out
 * @param rollSeed turns the tokens round by another number of places each epoch, so that chunks begin elsewhere; null: not
 * @param chunks what a chunk goes on from
 */
public record ReadingOrder(Tokens tokens, int first, int batchSize, int length, boolean dropLast,
        @Nullable Long rollSeed, Chunks chunks) implements BatchSource {
    /** What a chunk goes on from. */
    public sealed interface Chunks {
        /** Nothing. */
        record Alone() implements Chunks {}

        /** The state of the chunk before; anew after each {@code every} chunks, 0: only where an epoch begins. */
        record Carried(int every) implements Chunks {}

        /** So many chunks before it, which are read again. */
        record Read(int before) implements Chunks {}
    }

    /** Checks the sizes. */
    public ReadingOrder {
        if (tokens.size() / batchSize < 1) {
            throw new IllegalArgumentException(
                    "%,d tokens make no batch of %d rows; expected at least one token a row. Give more text, or lower loader.batch_size"
                            .formatted(tokens.size(), batchSize));
        }
    }

    private long row() { return tokens.size() / batchSize; }

    @Override
    public int count() {
        boolean some = dropLast && row() >= length;
        return Math.toIntExact(some ? row() / length : Math.ceilDiv(row(), length));
    }

    @Override
    public @Nullable SequenceBatch batch(int epoch, int i, Share share) {
        int firstRow = share.from(batchSize);
        int rows = share.to(batchSize) - firstRow;
        return rows == 0 ? null : batch(epoch, i, firstRow, rows);
    }

    private SequenceBatch batch(int epoch, int i, int firstRow, int rows) {
        long begin = (long) i * length;
        int before = chunks instanceof Chunks.Read read ? (int) Math.min(begin, (long) read.before() * length) : 0;
        int steps = before + (int) Math.min(length, row() - begin);
        long offset = rollSeed == null
                ? 0
                : Math.floorMod(SplitMix64.of(rollSeed, "roll", epoch).nextLong(), tokens.size());
        float[] x = new float[Math.multiplyExact(rows, steps)];
        int[] targets = new int[x.length];
        for (int r = 0; r < rows; r++) {
            long at = (firstRow + r) * row() + begin - before + offset;
            for (int t = 0; t < steps; t++) {
                x[r * steps + t] = before(at + t);
                targets[r * steps + t] = t < before ? s4j.model.Targets.NONE : token(at + t);
            }
        }
        SequenceBatch batch = SequenceBatch.ofSteps(rows, steps, x, null, targets);
        return switch (chunks) {
            case Chunks.Alone a -> batch;
            case Chunks.Carried c -> batch.after(new Context.Carried(c.every() == 0 ? i > 0 : i % c.every() != 0));
            case Chunks.Read r -> before == 0 ? batch : batch.after(new Context.Steps(before));
        };
    }

    private int token(long at) { return tokens.at(at % tokens.size()); }

    private int before(long at) { return at == 0 ? first : token(at - 1); }
}
