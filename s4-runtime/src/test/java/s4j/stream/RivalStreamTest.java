package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.io.MalformedFileException;
import s4j.kernel.Backend;
import s4j.model.SequenceBatch;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;

/** LSTM, GRU, attention and TCN over lengths at which caches grow and rings go round many times. */
class RivalStreamTest {
    private static final int L = 300;
    private static final int SEED = 5;

    static Stream<Map<String, ?>> layers() {
        return Stream.of(Map.of("_name_", "lstm"), Map.of("_name_", "gru"), attention("n_heads", 3),
                attention("n_heads", 1, "window", 1), attention("n_heads", 3, "window", 64),
                attention("n_heads", 3, "window", 70),
                Map.of("_name_", "tcn", "kernel_size", 3, "dilations", List.of(1, 20)));
    }

    private static Map<String, ?> attention(Object... options) {
        Map<String, Object> layer = new java.util.HashMap<>(Map.of("_name_", "attention"));
        for (int i = 0; i < options.length; i += 2) {
            layer.put((String) options[i], options[i + 1]);
        }
        return layer;
    }

    private static S4Model model(Map<String, ?> layer, Backend backend) {
        return TinyModels.model(TinyModels.rival(layer, "step"), backend);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void wholeEqualsChunksEqualsSteps(Map<String, ?> layer) {
        float[] x = TinyModels.noise(2 * L, SEED);
        for (Backend backend : Backend.values()) {
            S4Model model = model(layer, backend);
            float[] stepped = new float[3 * L];
            Session session = model.newSession();
            for (int t = 0; t < L; t++) {
                System.arraycopy(session.step(x[2 * t], x[2 * t + 1]), 0, stepped, 3 * t, 3);
            }
            assertArrayEquals(stepped, model.forwardChunk(model.newState(), x), layer + " chunk");
            Comparison.requireClose(layer + " whole", SEED, model.forward(new SequenceBatch(1, L, 2, x)), stepped,
                    Tolerances.RUNTIME);
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void manyStreamsOfDifferentAgesHaveTheBitsOfEachAlone(Map<String, ?> layer) {
        S4Model model = model(layer, Backend.SIMD);
        List<StreamState> together = new ArrayList<>();
        float[] x = new float[2 * 20];
        float[] expected = new float[3 * 20];
        for (int i = 0; i < 20; i++) {
            float[] own = TinyModels.noise(2 * (7 * i + 1), SEED + i);
            StreamState state = model.newState();
            model.forwardChunk(state, Arrays.copyOf(own, 14 * i));
            together.add(state.copy());
            System.arraycopy(own, 14 * i, x, 2 * i, 2);
            System.arraycopy(model.forwardChunk(state, Arrays.copyOfRange(own, 14 * i, 14 * i + 2)), 0, expected, 3 * i,
                    3);
        }
        float[] y = new float[3 * 20];
        model.step(together, x, y);
        assertArrayEquals(expected, y);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aSnapshotGoesOnToTheSameBits(Map<String, ?> layer) throws IOException {
        S4Model model = model(layer, Backend.SIMD);
        float[] x = TinyModels.noise(2 * L, SEED);
        StreamState state = model.newState();
        model.forwardChunk(state, Arrays.copyOf(x, 2 * 150));
        byte[] bytes = state.snapshot();
        StreamState copy = state.copy();
        float[] rest = Arrays.copyOfRange(x, 2 * 150, 2 * L);
        float[] expected = model.forwardChunk(state, rest);
        assertArrayEquals(expected, model.forwardChunk(model.restore(bytes), rest));
        assertArrayEquals(expected, model.forwardChunk(copy, rest));
        assertThrows(MalformedFileException.class, () -> model.restore(Arrays.copyOf(bytes, bytes.length - 4)));
        byte[] older = bytes.clone();
        older[40] ^= 0x40; // of the steps, which say how large a cache is
        assertThrows(MalformedFileException.class, () -> model.restore(older));
        older[46] ^= 0x40;
        assertThrows(MalformedFileException.class, () -> model.restore(older));
        state.reset();
        assertArrayEquals(model.forwardChunk(model.newState(), x), model.forwardChunk(state, x));
    }

    @Test
    void onlyAttentionWithoutWindowGrows() {
        for (Map<String, ?> layer : layers().toList()) {
            S4Model model = model(layer, Backend.SIMD);
            StreamState state = model.newState();
            long before = state.size();
            model.forwardChunk(state, TinyModels.noise(2 * L, SEED));
            boolean grows = "attention".equals(layer.get("_name_")) && !layer.containsKey("window");
            assertEquals(grows, state.size() > before, layer.toString());
            assertEquals(model.stateSize(), before);
        }
    }

    @Test
    void attentionThatLooksAheadSaysWhyItDoesNotStream() {
        S4Model model = model(attention("n_heads", 3, "causal", false), Backend.SIMD);
        assertTrue(Objects.requireNonNull(model.streamingRefusal()).contains("not causal"));
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, model::newState).getMessage());
        assertTrue(message.contains("depends on later inputs"), message);
    }

    @Test
    void learnedPositionsEndWithTheirTable() {
        S4Model model = model(attention("n_heads", 3, "positions", "learned"), Backend.SIMD);
        float[] x = TinyModels.noise(2 * 97, SEED);
        StreamState state = model.newState();
        model.forwardChunk(state, Arrays.copyOf(x, 2 * 96));
        String streamed = String.valueOf(assertThrows(IllegalArgumentException.class,
                () -> model.forwardChunk(state, Arrays.copyOfRange(x, 2 * 96, 2 * 97))).getMessage());
        assertTrue(streamed.contains("got step 97; expected at most 96"), streamed);
        assertThrows(IllegalArgumentException.class, () -> model.forward(new SequenceBatch(1, 97, 2, x)));
    }

    @Test
    void sequencesInABatchAreWhatTheyAreAlone() {
        for (Map<String, ?> layer : Stream.concat(layers(), Stream.of(attention("n_heads", 3, "causal", false)))
                .toList()) {
            S4Model model = TinyModels.model(TinyModels.rival(layer, "pool"), Backend.SIMD);
            float[] x = TinyModels.noise(20 * 90 * 2, SEED);
            int[] lengths = new int[20];
            Arrays.setAll(lengths, i -> 90 - 4 * i);
            float[] y = model.forward(new SequenceBatch(20, 90, 2, x, lengths, new int[20]));
            for (int i = 0; i < 20; i++) {
                float[] own = Arrays.copyOfRange(x, i * 180, i * 180 + 2 * lengths[i]);
                Comparison.requireClose(layer + " sequence " + i, SEED,
                        model.forward(new SequenceBatch(1, lengths[i], 2, own)),
                        Arrays.copyOfRange(y, 3 * i, 3 * i + 3), Tolerances.RUNTIME);
            }
        }
    }
}
