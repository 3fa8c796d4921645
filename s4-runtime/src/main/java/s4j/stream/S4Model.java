package s4j.stream;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.kernel.state.StateTiles;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;

/**
 * A trained network that runs without native code, in three forms with the same results: {@link #forward} (whole sequences by
 * convolution), {@link #forwardChunk} (a piece of any size), {@link #step}. Chunks and steps have the same bits; the
 * convolution differs from them by rounding.
 *
 * <p>Immutable and safe for any number of threads; what changes is in {@link StreamState}. Networks whose output depends on
 * later inputs (bidirectional, instance norm, pooling between layers) run whole sequences and refuse the other two forms.
 */
public final class S4Model {
    /** Rows that go through all layers at once; more streams are shared among threads by so many. */
    private static final int CHUNK = 64;

    private final NetworkParts parts;
    private final NetworkConfig config;
    private final Build build;
    private final Encoder encoder;
    private final Body body;
    private final Decoder decoder;

    /**
     * Reads a model file.
     *
     * @throws MalformedFileException when it is damaged, of another format, or its tensors do not fit its configuration
     */
    public static S4Model load(Path file) throws IOException { return load(file, ModelOptions.standard()); }

    /** The same with options. */
    public static S4Model load(Path file, ModelOptions options) throws IOException {
        return of(ModelFile.read(file), file.toString(), options);
    }

    /** From a model file's content; {@code name} is what to call it in messages. */
    public static S4Model of(ModelFile file, String name, ModelOptions options) throws MalformedFileException {
        try {
            return new S4Model(NetworkParts.network(file, name), file.tensors(), options);
        } catch (IllegalArgumentException | ArithmeticException | ConfigException e) {
            throw new MalformedFileException(name + ": " + e.getMessage(), e);
        }
    }

    /**
     * From a configuration and tensors under the official names.
     *
     * @throws IllegalArgumentException when they do not fit
     */
    public S4Model(NetworkConfig config, Map<String, TensorData> tensors, ModelOptions options) {
        this(NetworkParts.of(config, tensors, options, false));
    }

    /** With float64 recurrences. */
    static S4Model reference(NetworkConfig config, Map<String, TensorData> tensors, ModelOptions options) {
        return new S4Model(NetworkParts.of(config, tensors, options, true));
    }

    private S4Model(NetworkParts parts) {
        this.parts = parts;
        this.config = parts.config();
        this.build = parts.build();
        this.encoder = parts.encoder();
        this.body = parts.body();
        this.decoder = parts.decoder();
    }

    /** The network's configuration. */
    public NetworkConfig config() { return config; }

    /** Values of one step of input: d_input, or 1 with tokens. */
    public int dInput() { return encoder.inputs(); }

    /** Outputs of a step or a sequence. */
    public int dOutput() { return parts.outputs(); }

    /** Whether {@link #forward} gives an output for every step. */
    public boolean perStep() {
        return decoder.perStep();
    }

    /** SHA-256 of configuration, tensors and rate, in hexadecimal digits. */
    public String fingerprint() {
        return parts.fingerprint();
    }

    /** Floats a stream keeps between steps, without the keys and values of attention over all steps. */
    public int stateSize() {
        return build.stateSize() - StateTiles.FIRST;
    }

    /** Why there is no state: e.g. a bidirectional layer; null: the model streams. */
    public @Nullable String streamingRefusal() {
        String refused = parts.refusal();
        return refused == null ? decoder.refusal() : refused;
    }

    /** What computes, for people, e.g. {@code SIMD 512-bit, 2 threads}. */
    public String describe() {
        return build.backend().describe() + ", " + build.machine().workers().threads() + " threads";
    }

    /**
     * Whole sequences.
     *
     * @param batch {@code [b, l, d_input]}, with lengths where sequences are shorter
     * @return {@code [b, d_output]}, or {@code [b, l, d_output]} when {@link #perStep}
     */
    public float[] forward(SequenceBatch batch) {
        requireSize("values a step", batch.features(), dInput());
        decoder.requireLengths(batch.lengths() != null);
        Finite.requireInputs(batch);
        Whole whole = new Whole(encoder, body, decoder, build);
        PairHead pairs = parts.pairs();
        float[] y = pairs == null
                ? whole.forward(batch)
                : pairs.join(whole.forward(PairHead.texts(batch)), build.scratch().get());
        Finite.requireOutputs(y, y.length / batch.size());
        return y;
    }

    /** A stream's state before its first step. */
    public StreamState newState() {
        requireStreaming();
        return new StreamState(fingerprint(), new float[build.stateSize()], new double[decoder.sums()],
                build.newCaches(),
                0);
    }

    /** A new stream. */
    public Session newSession() { return new Session(this, newState()); }

    /** A stream that goes on from a state; the session changes it. */
    public Session session(StreamState state) {
        requireOwn(state);
        return new Session(this, state);
    }

    /**
     * A state from its bytes.
     *
     * @throws MalformedFileException when they are cut, changed, of another version or of another model
     */
    public StreamState restore(byte[] snapshot) throws MalformedFileException {
        return Snapshot.read(snapshot, newState());
    }

    /**
     * The next step of a stream.
     *
     * @param x {@code [d_input]}
     * @param y {@code [d_output]}: of decoders over time (mean, last …) the running value
     */
    public void step(StreamState state, float[] x, float[] y) {
        requireOwn(state);
        requireSize("input", x.length, dInput());
        requireSize("output", y.length, dOutput());
        Finite.requireInputs(x, 0, 1, dInput(), state.steps);
        Scratch scratch = build.shared().get();
        Flow flow = scratch.flow(state, 1);
        run(flow, x, 0, y, 0, scratch);
        state.steps++;
        Finite.requireOutputs(flow, y, 0, dOutput());
    }

    /**
     * The next step of many streams, each with the same bits as alone.
     *
     * @param states of different streams
     * @param x {@code [b, d_input]}
     * @param y {@code [b, d_output]}
     */
    public void step(List<StreamState> states, float[] x, float[] y) {
        int b = states.size();
        requireSize("input of all streams", x.length, Math.multiplyExact(b, dInput()));
        requireSize("output of all streams", y.length, Math.multiplyExact(b, dOutput()));
        for (int i = 0; i < b; i++) {
            requireOwn(states.get(i));
            Finite.requireInputs(x, i * dInput(), 1, dInput(), states.get(i).steps);
        }
        if (b <= CHUNK) {
            part(states, 0, b, x, y, build.shared().get());
            return;
        }
        build.machine().workers().forEach(Math.ceilDiv(b, CHUNK), i -> part(states, i * CHUNK,
                Math.min(b, (i + 1) * CHUNK), x, y, build.scratch().get()));
    }

    private void part(List<StreamState> states, int from, int to, float[] x, float[] y, Scratch scratch) {
        Flow flow = scratch.flow(0);
        flow.clear();
        for (int i = from; i < to; i++) {
            flow.add(states.get(i), 1, states.get(i).steps);
        }
        run(flow, x, from * dInput(), y, from * dOutput(), scratch);
        for (int i = from; i < to; i++) {
            states.get(i).steps++;
        }
        Finite.requireOutputs(flow, y, from * dOutput(), dOutput());
    }

    /**
     * The next steps of a stream, with the same bits as one by one.
     *
     * @param x {@code [l, d_input]}
     * @return {@code [l, d_output]}: of decoders over time the running value of each step
     */
    public float[] forwardChunk(StreamState state, float[] x) {
        requireOwn(state);
        if (x.length % dInput() != 0) {
            throw new IllegalArgumentException(
                    "chunk of " + x.length + " values; expected a multiple of " + dInput() + " (d_input)");
        }
        int l = x.length / dInput();
        Finite.requireInputs(x, 0, l, dInput(), state.steps);
        float[] y = new float[Math.multiplyExact(l, dOutput())];
        Scratch scratch = build.shared().get();
        for (int at = 0; at < l; at += CHUNK) {
            int count = Math.min(CHUNK, l - at);
            Flow flow = scratch.flow(state, count);
            run(flow, x, at * dInput(), y, at * dOutput(), scratch);
            state.steps += count;
            Finite.requireOutputs(flow, y, at * dOutput(), dOutput());
        }
        return y;
    }

    /** The next rows of a stream before the decoder, padded; the array is this thread's own until its next call. */
    float[] features(StreamState state, float[] x) {
        Scratch scratch = build.shared().get();
        int count = x.length / dInput();
        float[] z = scratch.get(Scratch.ENCODED, count * Padding.stride(config.model().dModel()));
        Flow flow = scratch.flow(state, count);
        encoder.rows(x, 0, count, z, 0, scratch);
        body.stream(z, flow, scratch);
        state.steps += count;
        return z;
    }

    private void run(Flow flow, float[] x, int xAt, float[] y, int yAt, Scratch scratch) {
        float[] z = scratch.get(Scratch.ENCODED, flow.rows * Padding.stride(config.model().dModel()));
        encoder.rows(x, xAt, flow.rows, z, 0, scratch);
        body.stream(z, flow, scratch);
        decoder.stream(z, flow, y, yAt, scratch);
    }

    private void requireStreaming() {
        String refusal = parts.refusal();
        if (refusal != null) {
            throw new IllegalArgumentException("this model cannot run step by step: " + refusal
                    + "; run whole sequences (forward), or train without it");
        }
    }

    private void requireOwn(StreamState state) {
        state.requireSound();
        if (!state.model.equals(fingerprint())) {
            throw new IllegalArgumentException("the state belongs to the model " + state.model + "; expected "
                    + fingerprint() + ": start from newState()");
        }
    }

    private static void requireSize(String what, int got, int expected) {
        if (got != expected) {
            throw new IllegalArgumentException(what + ": got " + got + "; expected " + expected);
        }
    }

    /** The layers' systems in order, for {@link Verification}. */
    Body body() { return body; }
    Build build() { return build; }
}
