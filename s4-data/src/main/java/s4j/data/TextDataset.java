package s4j.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import s4j.generate.Vocabulary;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.model.TargetSpec;

/**
 * Text as sequences of tokens, for predicting the next one: at step t the network sees token t − 1 (before a split's first one a
 * line's end) and is to say token t. Padding is never trained on.
 *
 * @param name of the data set
 * @param place where it was read
 * @param coder what its tokens are
 * @param corpus its three splits
 * @param sampleLen tokens of a sequence
 * @param hash of the files
 */
record TextDataset(String name, String place, TextCoder coder, Corpus corpus, int sampleLen, String hash)
        implements
            Dataset {
    private static final int EXCERPT = 120;

    /**
     * The files of a text: one for all splits, or one for each.
     *
     * @param train read for training; and for the other splits where they have no files
     * @param validation empty: a share of the training text's tokens
     * @param test empty: likewise, the last ones
     */
    record Parts(List<Path> train, List<Path> validation, List<Path> test) {
        List<Path> all() { return java.util.stream.Stream.of(train, validation, test).flatMap(List::stream).toList(); }
    }

    /** What is the same for every text. */
    record Form(String name, TextCoder coder, int sampleLen, Shares shares, boolean replaces) {}

    /** Shares of a text without splits, all of the whole; that of validation in so many blocks. */
    record Shares(double validation, int blocks, double test) {}

    static TextDataset read(Parts parts, Path place, Form form) throws IOException {
        TextCoder coder = form.coder;
        TextFiles text = new TextFiles(parts.train, form.replaces);
        coder.prepare(text, 1 - (parts.test.isEmpty() ? form.shares.test : 0)
                - (parts.validation.isEmpty() ? form.shares.validation : 0));
        long n = coder.count(text);
        long tested = parts.test.isEmpty() ? Math.max(1, Math.round(n * form.shares.test)) : 0;
        long validated = parts.validation.isEmpty() ? Math.round(n * form.shares.validation) : 0;
        if (n == 0) {
            throw new MalformedFileException(place + ": there is no text; expected some. Is it the right file?");
        }
        TextCut cut = new TextCut(n - tested, validated, form.shares.blocks);
        long trained = n - tested - validated;
        if (trained < form.sampleLen) {
            throw new MalformedFileException(
                    ("%s: %,d tokens, %,d of them to train on; expected at least one sequence of %,d."
                            + " Give more text, or lower dataset.sample_len").formatted(place, n, Math.max(0, trained),
                                    form.sampleLen));
        }
        coder.learn(text, cut::trains);
        Tokens all = tokens(text, n, coder);
        Tokens validation = parts.validation.isEmpty()
                ? cut.validation(all)
                : tokens(parts.validation, form);
        Tokens test = parts.test.isEmpty() ? all.slice(n - tested, n) : tokens(parts.test, form);
        String hash = new TextFiles(parts.all(), form.replaces).hash();
        return new TextDataset(form.name, place.toString(), coder,
                new Corpus(cut.training(all), validation, test, coder.first()), form.sampleLen, hash);
    }

    private static Tokens tokens(List<Path> files, Form form) throws IOException {
        TextFiles text = new TextFiles(files, form.replaces);
        return tokens(text, form.coder.count(text), form.coder);
    }

    private static Tokens tokens(TextFiles text, long n, TextCoder coder) throws IOException {
        Tokens.Filling out = Tokens.filling(n, coder.vocabulary().tokens().size());
        coder.encode(text, out::add);
        return out.filled();
    }

    @Override
    public int dInput() { return coder.vocabulary().tokens().size(); }

    @Override
    public boolean tokens() { return true; }

    @Override
    public int lMax() { return (int) Math.min(sampleLen, corpus.train().size()); }

    @Override
    public boolean equalLengths() { return corpus.train().size() % sampleLen == 0; }

    @Override
    public TargetSpec targets() { return TargetSpec.StepClasses.of(dInput(), coder.word().replaceFirst("s$", "")); }

    private SequenceSet windows(Tokens tokens) { return new ContextWindows(tokens, corpus.first(), sampleLen, 0); }

    @Override
    public SequenceSet train() { return windows(corpus.train()); }

    @Override
    public SequenceSet validation() { return windows(corpus.validation()); }

    @Override
    public SequenceSet test() { return windows(corpus.test()); }

    @Override
    public Vocabulary vocabulary() { return coder.vocabulary(); }

    @Override
    public Map<String, TensorData> transform() {
        Map<String, TensorData> out = new LinkedHashMap<>();
        out.put("data.start", TensorData.of(new long[]{corpus.first()}, 1));
        int[] codes = coder.codes();
        if (codes != null) {
            out.put("data.vocabulary", TensorData.of(codes, codes.length));
        }
        return out;
    }

    @Override
    public Map<String, String> facts() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("Read from", place);
        out.put("Tokens", String.format(Locale.ROOT, "%,d training, %,d validation, %,d test", corpus.train().size(),
                corpus.validation().size(), corpus.test().size()));
        out.put("Different tokens", String.format(Locale.ROOT, "%,d %s", dInput(), coder.word()));
        int unknown = coder.vocabulary().tokens().indexOf(Vocabulary.UNKNOWN);
        if (coder instanceof TextCoder.Words) {
            out.put("Words outside the vocabulary", unknown < 0
                    ? "none"
                    : String.format(Locale.ROOT, "%s, %,d of the test tokens", Vocabulary.UNKNOWN,
                            count(corpus.test(), unknown)));
        }
        out.put("Begins", excerpt());
        return out;
    }

    private static long count(Tokens tokens, int token) {
        long n = 0;
        for (long i = 0; i < tokens.size(); i++) {
            n += tokens.at(i) == token ? 1 : 0;
        }
        return n;
    }

    private String excerpt() {
        int[] first = new int[(int) Math.min(EXCERPT, corpus.train().size())];
        java.util.Arrays.setAll(first, i -> corpus.train().at(i));
        return coder.vocabulary().decode(first).replaceAll("\\p{Cntrl}+", " ").strip();
    }

    /** What was found, in one line. */
    String found() {
        Map<String, String> facts = facts();
        String unknown = facts.get("Words outside the vocabulary");
        return "found: %s, tokens: %s, of %s%s".formatted(place, facts.get("Tokens"), facts.get("Different tokens"),
                unknown == null ? "" : "; outside the vocabulary: " + unknown);
    }
}
