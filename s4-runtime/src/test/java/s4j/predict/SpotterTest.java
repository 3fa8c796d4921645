package s4j.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import s4j.audio.SoundInput;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.kernel.Backend;
import s4j.model.TargetSpec;
import s4j.stream.ModelOptions;
import s4j.stream.TinyModels;

/** Words in a stream of sound. */
final class SpotterTest {
    private static final SpotterOptions EAGER = new SpotterOptions(0.34, 0.02, 0.03, 0.05);

    /** An untrained model of three words over two mel bands, at 1,000 samples a second and 4 samples a frame. */
    private static ModelFile frames(String decoder) {
        return file(decoder,
                Map.of("sample_rate", 1000, "length", 60, "features", Map.of("_name_", "log-mel", "n_fft", 8,
                        "hop_length", 4, "n_mels", 2, "log_offset", 0.01)));
    }

    private static ModelFile file(String decoder, Map<String, @Nullable Object> sound) {
        ModelFile plain = TinyModels.classifier(true, decoder);
        Map<String, @Nullable Object> config = new LinkedHashMap<>(plain.config());
        config.put(SoundInput.KEY, sound);
        config.put(TargetSpec.KEY, Map.of("_name_", "classes", "names", List.of("go", "stop", "_unknown_")));
        Map<String, TensorData> tensors = new LinkedHashMap<>(plain.tensors());
        tensors.put("data.mean", TensorData.of(new double[]{-1, -1}, 2));
        tensors.put("data.std", TensorData.of(new double[]{0.5, 0.5}, 2));
        return new ModelFile(tensors, config, plain.provenance());
    }

    private static Spotter spotter(String decoder, SpotterOptions options) throws MalformedFileException {
        return Spotter.of(frames(decoder), "m", options, ModelOptions.standard());
    }

    private static float[] sound(int n) {
        SplittableRandom random = new SplittableRandom(5);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (Math.sin(i * (0.2 + 0.3 * (i / 500 % 3))) + 0.3 * random.nextGaussian());
        }
        return x;
    }

    private static List<float[]> streamed(Spotter spotter, float[] x, int packet, List<Spotter.Event> events) {
        List<float[]> heard = new ArrayList<>();
        Spotter.Stream stream = spotter.stream();
        stream.watch(p -> heard.add(p.clone()));
        for (int at = 0; at < x.length; at += packet) {
            stream.accept(x, at, Math.min(packet, x.length - at), events::add);
        }
        stream.finish(events::add);
        return heard;
    }

    @Test
    void aStreamHasTheProbabilitiesOfTheWholeSoundByConvolution() throws MalformedFileException {
        for (String decoder : List.of("pool", "last")) {
            Spotter spotter = spotter(decoder, EAGER);
            float[] x = sound(3001);
            float[][] whole = spotter.offline(x);
            List<Spotter.Event> first = new ArrayList<>();
            List<float[]> bits = streamed(spotter, x, 20, first);
            assertEquals(whole.length, bits.size(), "a step every 4 samples and one at the end");
            for (int t = 0; t < whole.length; t++) {
                assertArrayEquals(whole[t], bits.get(t), 2e-5f, decoder + ", step " + t);
                float sum = whole[t][0] + whole[t][1] + whole[t][2];
                assertEquals(1, sum, 1e-5);
            }
            for (int packet : new int[]{1, 7, 3001}) {
                List<Spotter.Event> events = new ArrayList<>();
                List<float[]> again = streamed(spotter, x, packet, events);
                assertEquals(first, events, "packets of " + packet);
                for (int t = 0; t < again.size(); t++) {
                    assertArrayEquals(bits.get(t), again.get(t), "packets of " + packet + ", step " + t);
                }
            }
            assertTrue(first.stream().noneMatch(e -> e.word().startsWith("_")), "no word");
            for (int i = 1; i < first.size(); i++) {
                assertTrue(first.get(i).seconds() - first.get(i - 1).seconds() > 0.03, "suppressed");
            }
        }
    }

    @Test
    void oneWordSpokenOnceIsOneEvent() {
        Trigger trigger = new Trigger(List.of("go", "stop", "_silence_"), 0.7, 5);
        float[][] heard = {{0.1f, 0.1f, 0.8f}, {0.8f, 0.1f, 0.1f}, {0.9f, 0, 0.1f}, {0.9f, 0, 0.1f}, {0.1f, 0.8f, 0.1f},
                {0.1f, 0.8f, 0.1f}, {0.1f, 0.8f, 0.1f}, {0.1f, 0.8f, 0.1f}, {0.8f, 0.1f, 0.1f}};
        List<Integer> events = new ArrayList<>();
        for (int t = 0; t < heard.length; t++) {
            events.add(trigger.next(t, heard[t]));
        }
        assertEquals(List.of(-1, 0, -1, -1, -1, -1, -1, 1, -1), events,
                "stop waits until the pause is over, go is too soon");
    }

    @Test
    void aPacketTakesNoMemoryAndNoneGrows() throws MalformedFileException {
        // vectors are values only once they are compiled: plain loops tell from the beginning
        Spotter.Stream stream = Spotter.of(frames("pool"), "m", SpotterOptions.DEFAULTS,
                new ModelOptions(Backend.SCALAR, 1, 1)).stream();
        float[] x = sound(2000);
        stream.accept(x, 0, x.length, e -> {});
        long cost = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            cost = Math.min(cost, s4j.testkit.Hostile.allocated(() -> stream.accept(x, 0, x.length, e -> {})));
        }
        assertTrue(cost < 2000, "500 steps allocated " + cost + " bytes");
    }

    @Test
    void modelsThatCannotListenSayWhy() {
        ModelFile plain = TinyModels.classifier(true, "pool");
        assertFails(MalformedFileException.class,
                () -> Spotter.of(plain, "m", SpotterOptions.DEFAULTS, ModelOptions.standard()),
                "m: the file does not say",
                "dataset=sc");
        assertFails(IllegalArgumentException.class, () -> new SpotterOptions(0, 0.5, 0.5, 0), "threshold: got 0");
        assertFails(IllegalArgumentException.class, () -> new SpotterOptions(0.5, -1, 0.5, 0), "average: got -1");
    }

    @Test
    void aMovingMeanIsThatOfTheLastRows() {
        MovingMean mean = new MovingMean(3, 1);
        float[] expected = {1, 1.5f, 2, 3, 4, 5, 6};
        for (int i = 0; i < expected.length; i++) {
            float[] row = {i + 1};
            mean.next(row);
            assertEquals(expected[i], row[0], 1e-6, "row " + i);
        }
    }
}
