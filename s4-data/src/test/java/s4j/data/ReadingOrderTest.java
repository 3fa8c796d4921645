package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static s4j.testkit.Messages.assertFails;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.data.ReadingOrder.Chunks;
import s4j.model.SequenceBatch;
import s4j.model.SequenceBatch.Context;
import s4j.model.Targets;

/** Text in reading order, and in windows with context. */
final class ReadingOrderTest {
    private static final int FIRST = 99;
    private static final Tokens TEXT = Tokens.of(IntStream.range(0, 23).toArray());

    private static ReadingOrder order(int rows, int length, boolean dropLast, @Nullable Long roll, Chunks chunks) {
        return new ReadingOrder(TEXT, FIRST, rows, length, dropLast, roll, chunks);
    }

    private static int[] row(SequenceBatch batch, int r) {
        return java.util.Arrays.copyOfRange(batch.classes(), r * batch.length(), (r + 1) * batch.length());
    }

    @Test
    void aRowGoesOnWhereItEndedInTheBatchBefore() {
        ReadingOrder two = order(2, 4, false, null, new Chunks.Carried(0));
        assertEquals(3, two.count(), "rows of 11: 4 + 4 + 3");
        assertArrayEquals(new int[]{0, 1, 2, 3}, row(two.batch(0, 0), 0));
        assertArrayEquals(new int[]{11, 12, 13, 14}, row(two.batch(0, 0), 1));
        assertArrayEquals(new int[]{8, 9, 10}, row(two.batch(0, 2), 0));
        assertArrayEquals(new int[]{19, 20, 21}, row(two.batch(5, 2), 1), "one token is left out");
        assertArrayEquals(new float[]{FIRST, 0, 1, 2, 10, 11, 12, 13}, two.batch(0, 0).x());
        assertEquals(new Context.Carried(false), two.batch(0, 0).context());
        assertEquals(new Context.Carried(true), two.batch(0, 1).context());
        assertEquals(2, order(2, 4, true, null, new Chunks.Alone()).count(), "the short chunk is left out");
        assertNull(order(2, 4, true, null, new Chunks.Alone()).batch(0, 1).context());
    }

    @Test
    void resetBeginsAnewAfterEachFewChunks() {
        ReadingOrder two = order(1, 4, false, null, new Chunks.Carried(2));
        List<Context> contexts = IntStream.range(0, 5).mapToObj(i -> two.batch(0, i).context()).toList();
        assertEquals(List.of(new Context.Carried(false), new Context.Carried(true), new Context.Carried(false),
                new Context.Carried(true), new Context.Carried(false)), contexts);
    }

    @Test
    void chunksBeforeAreReadAgainButNotPredicted() {
        ReadingOrder one = order(1, 4, false, null, new Chunks.Read(2));
        assertNull(one.batch(0, 0).context());
        assertEquals(new Context.Steps(4), one.batch(0, 1).context());
        SequenceBatch third = one.batch(0, 2);
        assertEquals(new Context.Steps(8), third.context());
        assertEquals(12, third.length());
        assertEquals(4, third.predictedSteps());
        assertEquals(Targets.NONE, third.classes()[7]);
        assertEquals(8, third.classes()[8]);
        assertEquals(7, third.x()[8]);
    }

    @Test
    void rolledTextBeginsElsewhereEachEpochAndIsWhole() {
        ReadingOrder rolled = order(1, 4, false, 42L, new Chunks.Carried(0));
        List<Integer> starts = new ArrayList<>();
        for (int epoch = 0; epoch < 3; epoch++) {
            int e = epoch;
            int[] seen = IntStream.range(0, rolled.count()).flatMap(i -> IntStream.of(rolled.batch(e, i).classes()))
                    .toArray();
            starts.add(seen[0]);
            for (int t = 1; t < seen.length; t++) {
                assertEquals((seen[t - 1] + 1) % 23, seen[t], "in order, round the end");
            }
            assertArrayEquals(IntStream.range(0, 23).toArray(), IntStream.of(seen).sorted().toArray());
        }
        assertEquals(2, starts.stream().distinct().count(), "two of three meet by chance: " + starts);
        assertArrayEquals(rolled.batch(1, 2).classes(),
                order(1, 4, false, 42L, new Chunks.Carried(0)).batch(1, 2).classes(), "of the seed alone");
    }

    @Test
    void fewerTokensThanRowsAreRefused() {
        assertFails(IllegalArgumentException.class, () -> order(24, 4, false, null, new Chunks.Alone()),
                "23 tokens make no batch of 24 rows", "loader.batch_size");
    }

    @ParameterizedTest
    @CsvSource({"4, 0", "4, 3", "5, 100", "23, 7", "40, 1"})
    void windowsPredictEveryTokenOnceAfterItsContext(int length, int context) {
        ContextWindows windows = new ContextWindows(TEXT, FIRST, length, context);
        List<Integer> predicted = new ArrayList<>();
        for (int i = 0; i < windows.size(); i++) {
            SequenceBatch batch = windows.batch(new int[]{i});
            int read = (int) (batch.length() - batch.predictedSteps());
            assertEquals(Math.min(context, i * length), read, "as much context as there is");
            for (int t = 0; t < batch.length(); t++) {
                if (batch.classes()[t] != Targets.NONE) {
                    predicted.add(batch.classes()[t]);
                    assertEquals(batch.classes()[t] == 0 ? FIRST : batch.classes()[t] - 1, batch.x()[t]);
                }
            }
        }
        assertEquals(IntStream.range(0, 23).boxed().toList(), predicted);
        int[] all = IntStream.range(0, windows.size()).toArray();
        assertEquals(23, windows.batch(all).predictedSteps(), "also in one batch");
    }

    @Test
    void corporaHaveTheirFilesAndSplits(@org.junit.jupiter.api.io.TempDir java.nio.file.Path dir)
            throws java.io.IOException {
        java.nio.file.Files.writeString(dir.resolve("input.txt"), "0123456789".repeat(10));
        CorpusConfig shakespeare = new CorpusConfig("corpus", CorpusConfig.Which.SHAKESPEARE, 8, 0.2, 1,
                dir.toString());
        Corpus corpus = java.util.Objects.requireNonNull(shakespeare.load(s -> {}).corpus());
        assertEquals(List.of(70L, 20L, 10L),
                List.of(corpus.train().size(), corpus.validation().size(), corpus.test().size()));
        CorpusConfig missing = new CorpusConfig("corpus", CorpusConfig.Which.WT103, 8, 0, 1, dir.toString());
        String message = assertFails(s4j.config.ConfigException.class, () -> missing.read(List.of(dir)),
                "wt103 is nowhere to be found", "wiki.{train,valid,test}.tokens", dir.toString());
        assertFalse(message.contains("null"));
    }
}
