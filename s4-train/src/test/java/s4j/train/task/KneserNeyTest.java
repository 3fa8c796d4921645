package s4j.train.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import s4j.data.Tokens;

/** The classical model of text. */
final class KneserNeyTest {
    private static final int SEED = 4;

    private static Tokens random(int n, int vocabulary, int seed) {
        return Tokens.of(new SplittableRandom(seed).ints(n, 0, vocabulary).map(v -> v * v / vocabulary).toArray());
    }

    @Test
    void probabilitiesOfEveryContextSumToOne() {
        int vocabulary = 9;
        KneserNey model = KneserNey.of(random(400, vocabulary, SEED), vocabulary, 0);
        int[] context = {3, 0, 1, 1, 2, 0, 0, 0, 5};
        for (int from = 0; from < context.length; from++) {
            double sum = 0;
            for (int w = 0; w < vocabulary; w++) {
                int[] text = IntStream.range(from, context.length + 1).map(i -> i < context.length ? context[i] : 0)
                        .toArray();
                text[text.length - 1] = w;
                sum += model.probability(Tokens.of(text), text.length - 1);
            }
            assertEquals(1, sum, 1e-12, "context from " + from);
        }
    }

    /** Against the definition, term by term, of a text of five tokens. */
    @Test
    void unigramsCountTheTokensBefore() {
        int[] text = {1, 2, 1, 2, 3};
        KneserNey model = KneserNey.of(Tokens.of(text), 4, 0);
        Set<String> pairs = new HashSet<>();
        for (int i = 0; i < text.length; i++) {
            pairs.add((i == 0 ? 0 : text[i - 1]) + " " + text[i]);
        }
        assertEquals(4, pairs.size(), "0 1, 1 2, 2 1, 2 3: token 1 stands behind two others, 2 and 3 behind one");
        double d = 2.0 / (2 + 2 * 1); // two tokens behind one other, one behind two
        double unigram = (1 - d) / 4 + d * 3 / 4 / 4;
        // behind a token that the text has never had, only the unigram counts
        assertEquals(unigram, model.probability(Tokens.of(7, 3), 1), 1e-12);
    }

    @Test
    void repeatedTextIsLearnedAndIndependentTokensAreNot() {
        Tokens phrase = Tokens
                .of(IntStream.range(0, 3000).map(i -> "the cat sat on the mat ".charAt(i % 23)).toArray());
        assertTrue(KneserNey.of(phrase, 128, 32).loss(phrase) < 0.1);
        Tokens noise = Tokens.of(new SplittableRandom(SEED).ints(20_000, 0, 8).toArray());
        double loss = KneserNey.of(noise, 8, 0).loss(Tokens.of(new SplittableRandom(9).ints(5000, 0, 8).toArray()));
        assertTrue(loss > Math.log(8) && loss < 1.2 * Math.log(8),
                "three bits, and what counting errors cost: " + loss);
    }

    @Test
    void countsHoldTheirNumbersWhileTheyGrow() {
        GramCounts counts = new GramCounts();
        for (int round = 1; round <= 2; round++) {
            for (long i = 0; i < 5000; i++) {
                assertEquals(round, counts.add(i << 32));
            }
        }
        counts.add(77);
        assertEquals(0, counts.get(78));
        assertEquals(2, counts.get(4999L << 32));
        assertEquals(1, counts.having(1));
        assertEquals(5000, counts.having(2));
    }
}
