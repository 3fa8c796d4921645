package s4j.predict;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.audio.FrontEnd;
import s4j.audio.SoundInput;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.model.DecoderConfig;
import s4j.model.NetworkConfig;
import s4j.model.TargetSpec;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.stream.Session;

/**
 * Finds words in a stream of sound by a causal classifier of recordings: samples in, events out, in constant memory.
 *
 * <p>The network goes on step by step and never begins anew. Where it was trained to pool over a recording, its scores are averaged
 * over as long a window: as its last layer is linear, that is the pooling over the window. Then come probabilities, their average,
 * and {@link Trigger}. A stream has the same probabilities as the whole sound at once, by convolution, to rounding.
 */
public final class Spotter {
    private static final double SECOND = 1;

    private final S4Model model;
    private final InputTransform transform;
    private final FrontEnd front;
    private final SoundInput sound;
    private final List<String> names;
    private final SpotterOptions options;
    private final int window;

    /**
     * A word that was heard.
     *
     * @param seconds since the beginning
     * @param word its class
     * @param probability averaged
     */
    public record Event(double seconds, String word, double probability) {}

    private Spotter(S4Model model, InputTransform transform, SoundInput sound, List<String> names,
            SpotterOptions options, boolean pools) {
        this.model = model;
        this.transform = transform;
        this.sound = sound;
        this.front = sound.frontEnd();
        this.names = names;
        this.options = options;
        Integer length = sound.length();
        double trained = length == null ? SECOND : (double) length / sound.sampleRate();
        this.window = pools ? steps(options.window() > 0 ? options.window() : trained) : 1;
    }

    /**
     * Of a model file.
     *
     * @param name of the file, for messages
     * @throws MalformedFileException when it is no classifier of sound
     * @throws IllegalArgumentException when it cannot run step by step, with the reason
     */
    public static Spotter of(ModelFile file, String name, SpotterOptions options, ModelOptions machine)
            throws MalformedFileException {
        try {
            SoundInput sound = SoundInput.of(file.config(), name);
            ConfigTree tree = ConfigTree.of(file.config(), new Origin(name)).find("network");
            if (sound == null || tree == null) {
                throw new MalformedFileException(
                        name + ": the file does not say that its input is sound; expected a model "
                                + "of dataset=sc, fsdd-classes or audio-classes");
            }
            NetworkConfig whole = Binder.bind(tree, NetworkConfig.class);
            Learned learned = Learned.of(file, name, whole.dOutput());
            if (!(learned.targets() instanceof TargetSpec.Classes c) || c.names().size() != whole.dOutput()) {
                throw new MalformedFileException(name + ": expected a model with an output for each class");
            }
            NetworkConfig steps = new NetworkConfig(whole.dInput(), whole.dOutput(), whole.lMax(), whole.encoder(),
                    whole.model(), new DecoderConfig(whole.decoder().name(), DecoderConfig.Mode.STEP));
            S4Model model = new S4Model(steps, file.tensors(), machine);
            String refusal = model.streamingRefusal();
            if (refusal != null) {
                throw new IllegalArgumentException(name + ": cannot listen: " + refusal
                        + ". Train a causal model, e.g. model.layer.bidirectional=false");
            }
            return new Spotter(model, InputTransform.of(file, name, whole.dInput()), sound, c.names(), options,
                    whole.decoder().mode() == DecoderConfig.Mode.POOL);
        } catch (ConfigException e) {
            throw new MalformedFileException(name + ": " + e.getMessage(), e);
        }
    }

    private int steps(double seconds) {
        return Math.max(1, (int) Math.round(seconds * sound.sampleRate() / front.hop()));
    }

    /** Samples per second that it hears. */
    public int sampleRate() { return sound.sampleRate(); }

    /** Names of the classes. */
    public List<String> names() { return names; }

    /** Seconds from one step to the next. */
    public double step() { return (double) front.hop() / sound.sampleRate(); }

    /** Decides on averaged probabilities by another threshold. */
    public Trigger trigger(double threshold) {
        return new Trigger(names, threshold, steps(options.suppression()));
    }

    /** A new stream. */
    public Stream stream() { return new Stream(); }

    /** Averaged probabilities {@code [steps][classes]} of a whole sound by convolution: what a stream has after each step. */
    public float[][] offline(float[] samples) {
        float[] x = front.features(samples);
        int d = front.width();
        float[] step = new float[d];
        for (int t = 0; t < x.length / d; t++) {
            System.arraycopy(x, t * d, step, 0, d);
            transform.step(step);
            System.arraycopy(step, 0, x, t * d, d);
        }
        float[] scores = model.forward(new s4j.model.SequenceBatch(1, x.length / d, d, x));
        float[][] out = new float[x.length / d][names.size()];
        MovingMean pooled = new MovingMean(window, names.size());
        MovingMean averaged = new MovingMean(steps(options.average()), names.size());
        for (int t = 0; t < out.length; t++) {
            System.arraycopy(scores, t * names.size(), out[t], 0, names.size());
            decide(out[t], pooled, averaged);
        }
        return out;
    }

    /** From scores of a step to averaged probabilities, in place. */
    private static void decide(float[] y, MovingMean pooled, MovingMean averaged) {
        pooled.next(y);
        softmax(y);
        averaged.next(y);
    }

    private static void softmax(float[] y) {
        float most = y[0];
        for (float v : y) {
            most = Math.max(most, v);
        }
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            double e = Math.exp(y[i] - most);
            y[i] = (float) e;
            sum += e;
        }
        for (int i = 0; i < y.length; i++) {
            y[i] = (float) (y[i] / sum);
        }
    }

    /** A sound as it comes. One thread at a time; memory does not grow. */
    public final class Stream {
        private static final int PIECE = 64;

        private final Session session = model.newSession();
        private final FrontEnd.Stream frames = front.stream();
        private final float[] frame = new float[front.width()];
        private final float[] piece = new float[front.raw() ? PIECE : 0];
        private final float[] y = new float[names.size()];
        private final MovingMean pooled = new MovingMean(window, names.size());
        private final MovingMean averaged = new MovingMean(steps(options.average()), names.size());
        private final Trigger trigger = trigger(options.threshold());
        private int waiting;
        private long steps;
        private @Nullable Consumer<float[]> watcher;

        private Stream() {}

        /** Shows averaged probabilities {@code [classes]} after each step to somebody; the array is used again. */
        public void watch(Consumer<float[]> each) {
            this.watcher = each;
        }

        /** Takes samples and tells the events that they complete. */
        public void accept(float[] samples, int from, int count, Consumer<Event> events) {
            for (int i = from; i < from + count; i++) {
                if (!frames.accept(samples[i], frame)) {
                    continue;
                }
                transform.step(frame);
                if (piece.length == 0) {
                    session.step(frame, y);
                    decided(events);
                } else {
                    piece[waiting++] = frame[0];
                    if (waiting == PIECE) {
                        pieces(events);
                    }
                }
            }
        }

        /** After the last sample: what its end completes. */
        public void finish(Consumer<Event> events) {
            while (frames.finish(frame)) {
                transform.step(frame);
                session.step(frame, y);
                decided(events);
            }
            if (waiting > 0) {
                pieces(events);
            }
        }

        /** Raw samples go through the layers some at a time, with the same bits as one by one. */
        private void pieces(Consumer<Event> events) {
            float[] all = session.chunk(waiting == PIECE ? piece : java.util.Arrays.copyOf(piece, waiting));
            for (int t = 0; t < waiting; t++) {
                System.arraycopy(all, t * y.length, y, 0, y.length);
                decided(events);
            }
            waiting = 0;
        }

        private void decided(Consumer<Event> events) {
            decide(y, pooled, averaged);
            Consumer<float[]> other = watcher;
            if (other != null) {
                other.accept(y);
            }
            int word = trigger.next(steps, y);
            if (word >= 0) {
                events.accept(new Event(steps * step(), names.get(word), y[word]));
            }
            steps++;
        }
    }
}
