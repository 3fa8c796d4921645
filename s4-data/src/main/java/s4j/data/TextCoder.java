package s4j.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import s4j.generate.BytePairs;
import s4j.generate.TextPieces;
import s4j.generate.Vocabulary;
import s4j.io.MalformedFileException;

/** Turns text into tokens: first learns which there are, then writes them. */
sealed interface TextCoder {
    /**
     * Learns what a token is, where that depends on the text, from the first of its code points.
     *
     * @param share of the text that is trained on
     */
    default void prepare(TextFiles text, double share) throws IOException {}

    /** How many tokens a text has. */
    long count(TextFiles text) throws IOException;

    /** Learns the vocabulary from those tokens of a text, by their place, that are trained on. */
    void learn(TextFiles text, LongPredicate trained) throws IOException;

    /** The tokens of a text, one after the other. */
    void encode(TextFiles text, IntConsumer out) throws IOException;

    /** What was learned. */
    Vocabulary vocabulary();

    /** The token that is taken to stand before a text: a line's end. */
    int first();

    /** What its tokens are, for people. */
    String word();

    /** Code points {@code data.vocabulary}; null where tokens are none. */
    default int @Nullable [] codes() {
        return null;
    }

    /** Every byte is one. */
    record Bytes() implements TextCoder {
        @Override
        public long count(TextFiles text) throws IOException { return counted(text::bytes); }

        @Override
        public void learn(TextFiles text, LongPredicate trained) {}

        @Override
        public void encode(TextFiles text, IntConsumer out) throws IOException { text.bytes(out); }

        @Override
        public Vocabulary vocabulary() { return Vocabulary.bytes(); }

        @Override
        public int first() { return '\n'; }

        @Override
        public String word() { return "bytes"; }
    }

    /** The characters that occur, and the line feed, ascending. */
    final class Characters implements TextCoder {
        private static final int LARGEST = 1 << 16;

        private int[] codes = {};
        private @Nullable Vocabulary vocabulary;

        @Override
        public long count(TextFiles text) throws IOException { return counted(text::characters); }

        /** Of the whole text, as published: characters that only the test has are no surprise worth a loss without bound. */
        @Override
        public void learn(TextFiles text, LongPredicate trained) throws IOException {
            BitSet seen = new BitSet();
            seen.set('\n');
            text.characters(seen::set);
            if (seen.cardinality() > LARGEST) {
                throw new MalformedFileException(
                        "%,d different characters; expected at most %,d. Read bytes: dataset.level=bytes"
                                .formatted(seen.cardinality(), LARGEST));
            }
            codes = seen.stream().toArray();
            vocabulary = new Vocabulary(Arrays.stream(codes).mapToObj(Character::toString).toList());
        }

        @Override
        public void encode(TextFiles text, IntConsumer out) throws IOException {
            text.characters(code -> out.accept(Arrays.binarySearch(codes, code)));
        }

        @Override
        public Vocabulary vocabulary() { return learned(vocabulary); }

        @Override
        public int first() { return Arrays.binarySearch(codes, '\n'); }

        @Override
        public String word() { return "characters"; }

        @Override
        public int[] codes() { return codes; }
    }

    /**
     * Words between blanks, and {@value Vocabulary#END} at each line's end, the empty ones' too: the rule under which WikiText's
     * and Penn Treebank's figures are published. The first word of the vocabulary is {@value Vocabulary#END}, the others follow by
     * falling count, equal ones as they occur; what occurs less often than asked is {@value Vocabulary#UNKNOWN}.
     */
    final class Words implements TextCoder {
        private final int least;
        private final int most;
        private final Map<String, Integer> numbers = new HashMap<>();
        private @Nullable Vocabulary vocabulary;

        Words(int least, int most) {
            this.least = least;
            this.most = most;
        }

        @Override
        public long count(TextFiles text) throws IOException { return counted(out -> each(text, w -> out.accept(0))); }

        @Override
        public void learn(TextFiles text, LongPredicate trained) throws IOException {
            Map<String, long[]> counts = new LinkedHashMap<>();
            long[] seen = {0};
            each(text, word -> {
                if (trained.test(seen[0]++) && !word.equals(Vocabulary.END)) {
                    counts.computeIfAbsent(word, w -> new long[1])[0]++;
                }
            });
            List<String> all = new ArrayList<>(List.of(Vocabulary.END));
            counts.entrySet().stream().filter(e -> e.getValue()[0] >= least)
                    .sorted((a, b) -> Long.compare(b.getValue()[0], a.getValue()[0])).limit(most)
                    .forEach(e -> all.add(e.getKey()));
            if (all.size() <= counts.size() && !all.contains(Vocabulary.UNKNOWN)) {
                all.add(Vocabulary.UNKNOWN);
            }
            vocabulary = new Vocabulary(all, Vocabulary.Unit.WORDS);
            numbers.clear();
            all.forEach(w -> numbers.put(w, numbers.size()));
        }

        @Override
        public void encode(TextFiles text, IntConsumer out) throws IOException {
            Integer unknown = numbers.get(Vocabulary.UNKNOWN);
            String[] missing = new String[1];
            each(text, word -> {
                Integer token = numbers.getOrDefault(word, unknown);
                if (token == null && missing[0] == null) {
                    missing[0] = word;
                }
                out.accept(token == null ? 0 : token);
            });
            if (missing[0] != null) {
                throw new MalformedFileException(
                        ("%s: the word %s is not in the vocabulary of the training text, which has"
                                + " no %s; expected known words. Write dataset.min_count=2")
                                .formatted(text.files().getFirst(),
                                        missing[0], Vocabulary.UNKNOWN));
            }
        }

        private interface WordSink {
            void take(String word);
        }

        /** File by file: a word ends where its file does, and so does the last line. */
        private static void each(TextFiles text, WordSink sink) throws IOException {
            for (Path file : text.files()) {
                ofOne(new TextFiles(List.of(file), text.replaces()), sink);
            }
        }

        private static void ofOne(TextFiles text, WordSink sink) throws IOException {
            StringBuilder word = new StringBuilder();
            boolean[] open = {false};
            text.characters(code -> {
                if (!Character.isWhitespace(code)) {
                    word.appendCodePoint(code);
                    open[0] = true;
                    return;
                }
                if (!word.isEmpty()) {
                    sink.take(word.toString());
                    word.setLength(0);
                }
                open[0] = code != '\n';
                if (code == '\n') {
                    sink.take(Vocabulary.END);
                }
            });
            if (!word.isEmpty()) {
                sink.take(word.toString());
            }
            if (open[0]) { // a last line without a line feed
                sink.take(Vocabulary.END);
            }
        }

        @Override
        public Vocabulary vocabulary() { return learned(vocabulary); }

        @Override
        public int first() { return 0; }

        @Override
        public String word() { return "words"; }
    }

    /** Byte pairs that are joined: learned from what stands before the parts kept for validation and test. */
    final class Joined implements TextCoder {
        /** Different pieces that are counted; what occurs once goes when there are more. */
        private static final int MOST_PIECES = 2_000_000;

        private final int most;
        private List<String> tokens = BytePairs.bytes();
        private BytePairs pairs = new BytePairs(tokens);

        Joined(int most) { this.most = most; }

        @Override
        public void prepare(TextFiles text, double share) throws IOException {
            long trained = (long) (share * counted(text::characters));
            Map<String, Long> counts = new HashMap<>();
            TextPieces pieces = new TextPieces(piece -> {
                counts.merge(piece, 1L, Long::sum);
                if (counts.size() > MOST_PIECES) {
                    counts.values().removeIf(n -> n == 1);
                }
            });
            long[] seen = {0};
            text.characters(code -> {
                if (seen[0]++ < trained) {
                    pieces.add(code);
                }
            });
            pieces.end();
            tokens = BytePairTraining.tokens(counts, most);
            pairs = new BytePairs(tokens);
        }

        @Override
        public long count(TextFiles text) throws IOException { return counted(out -> encode(text, out)); }

        @Override
        public void learn(TextFiles text, LongPredicate trained) {}

        @Override
        public void encode(TextFiles text, IntConsumer out) throws IOException {
            TextPieces pieces = new TextPieces(piece -> pairs.encode(piece, out));
            text.characters(pieces::add);
            pieces.end();
        }

        @Override
        public Vocabulary vocabulary() { return new Vocabulary(tokens, Vocabulary.Unit.BPE); }

        @Override
        public int first() { return '\n'; }

        @Override
        public String word() { return "pieces"; }
    }

    private static Vocabulary learned(@Nullable Vocabulary vocabulary) {
        return java.util.Objects.requireNonNull(vocabulary, "learn comes first");
    }

    /** Reads a text into a sink. */
    interface Reading {
        /** All of it. */
        void into(IntConsumer sink) throws IOException;
    }

    private static long counted(Reading reading) throws IOException {
        long[] n = {0};
        reading.into(token -> n[0]++);
        return n[0];
    }
}
