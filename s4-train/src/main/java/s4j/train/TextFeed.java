package s4j.train;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.data.BatchSource;
import s4j.data.Batches;
import s4j.data.ContextWindows;
import s4j.data.Corpus;
import s4j.data.Dataset;
import s4j.data.ReadingOrder;
import s4j.data.ReadingOrder.Chunks;
import s4j.data.Tokens;
import s4j.train.config.LoaderConfig;
import s4j.train.config.StateConfig;
import s4j.train.config.TrainConfig;

/**
 * How text is cut: for training in reading order or in windows; for an evaluation so that every token is predicted once, after
 * the context that is asked for, whatever the batch size.
 *
 * @param corpus the text
 * @param loader batches
 * @param state what a chunk goes on from
 * @param length tokens of a chunk
 */
record TextFeed(Corpus corpus, LoaderConfig loader, StateConfig state, int length) {
    /** All that came before. */
    private static final int UNLIMITED = -1;

    /**
     * Of a data set; null: it is no text.
     *
     * @throws ConfigException when something else is to be read as text is
     */
    static @Nullable TextFeed of(Dataset data, TrainConfig config) {
        Corpus corpus = data.corpus();
        LoaderConfig loader = config.loader();
        StateConfig state = config.train().state();
        if (corpus == null) {
            refuse("train.state.mode", state.carries(), data);
            refuse("loader.l_max", loader.lMax() != null, data);
            refuse("loader.roll_seed", loader.rollSeed() != null, data);
            refuse("loader.context_eval", loader.contextEval() != null, data);
            return null;
        }
        return new TextFeed(corpus, loader, state, config.chunk(data));
    }

    private static void refuse(String key, boolean set, Dataset data) {
        if (set) {
            throw new ConfigException("%s: data set %s has sequences of its own; expected text, e.g. dataset=text"
                    .formatted(key, data.name()));
        }
    }

    /** Whether training reads the text in order. */
    boolean inOrder() {
        return state.carries() || loader.lMax() != null || loader.rollSeed() != null;
    }

    BatchSource training(Division division) {
        Chunks chunks = switch (state.mode()) {
            case NONE -> new Chunks.Alone();
            case TBPTT -> new Chunks.Carried(0);
            case RESET -> new Chunks.Carried(state.nContext() + 1);
            case BPTT -> new Chunks.Read(state.nContext());
        };
        try {
            return new ReadingOrder(corpus.train(), corpus.first(), division.sequences(loader.batchSize()), length,
                    loader.dropLast(),
                    loader.rollSeed(), chunks);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("loader: " + e.getMessage(), e);
        }
    }

    BatchSource evaluation(Function<Corpus, Tokens> split) {
        Tokens tokens = split.apply(corpus);
        if (context() == UNLIMITED && tokens.size() > 0) {
            return new ReadingOrder(tokens, corpus.first(), 1, length, false, null, new Chunks.Carried(0));
        }
        return Batches.inOrder(new ContextWindows(tokens, corpus.first(), length, Math.max(0, context())),
                loader.evalBatch());
    }

    /** Tokens before each window of an evaluation. */
    private int context() {
        if (loader.contextEval() != null) {
            return loader.contextEval();
        }
        if (state.nContextEval() != null) {
            return Math.multiplyExact(state.nContextEval(), length);
        }
        return state.mode() == StateConfig.Mode.TBPTT ? UNLIMITED : Math.multiplyExact(state.nContext(), length);
    }
}
