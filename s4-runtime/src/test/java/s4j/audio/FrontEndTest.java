package s4j.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;

/** What a network sees of sound. */
final class FrontEndTest {
    private static final SoundFeatures.LogMel WIDE = new SoundFeatures.LogMel("log-mel", 512, 400, 160, 40, 20, 7600.0,
            1e-6);

    /** The signal of features.py. */
    private static float[] signal(int n) {
        float[] x = new float[n];
        long seed = 1;
        for (int i = 0; i < n; i++) {
            seed = (1103515245 * seed + 12345) & 0x7fffffff;
            double noise = seed / 2147483648.0 - 0.5;
            x[i] = (float) (0.4 * Math.sin(2 * Math.PI * 440 * i / 16000) + 0.2 * Math.sin(1e-5 * (double) i * i)
                    + 0.1 * noise);
        }
        return x;
    }

    private static void set(float[] x, java.util.function.IntToDoubleFunction value) {
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) value.applyAsDouble(i);
        }
    }

    private static void assertAsStored(String name, FrontEnd front) throws IOException {
        try (InputStream in = Objects.requireNonNull(FrontEndTest.class.getResourceAsStream("features.txt"))) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            int at = lines.stream().map(l -> l.split(" ", -1)[0]).toList().indexOf(name);
            float[] all = front.features(signal(16000));
            assertEquals(Integer.parseInt(lines.get(at).split(" ", -1)[1]), all.length / front.width(), "frames");
            for (String line : lines.subList(at + 1, at + 7)) {
                double[] row = Arrays.stream(line.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
                for (int i = 0; i < front.width(); i++) {
                    assertEquals(row[i + 1], all[((int) row[0]) * front.width() + i], 2e-5,
                            name + ", frame " + row[0] + ", value " + i);
                }
            }
        }
    }

    @Test
    void mfccAreTheStoredOnesOfTheOfficialParameters() throws IOException {
        FrontEnd front = FrontEnd.of(SoundFeatures.Mfcc.DEFAULTS, 16000);
        assertEquals(20, front.width());
        assertEquals(161, front.steps(16000));
        assertAsStored("mfcc", front);
    }

    @Test
    void logMelSpectraAreTheStoredOnes() throws IOException { assertAsStored("log-mel", FrontEnd.of(WIDE, 16000)); }

    @Test
    void aStreamGivesTheBitsOfTheWholeRecording() {
        List<SoundFeatures> kinds = List.of(SoundFeatures.Raw.DEFAULTS, SoundFeatures.Mfcc.DEFAULTS, WIDE,
                new SoundFeatures.LogMel("log-mel", 8, null, 1, 2, 0, null, 1e-6),
                new SoundFeatures.LogMel("log-mel", 8, 5, 11, 3, 0, null, 1e-6));
        SplittableRandom random = new SplittableRandom(2);
        for (SoundFeatures kind : kinds) {
            for (int n : new int[]{1, 2, 3, 5, 7, 8, 9, 13, 99, 100, 101, 199, 200, 201, 333, 1025}) {
                FrontEnd front = FrontEnd.of(kind, 16000);
                float[] x = new float[n];
                set(x, i -> random.nextGaussian());
                float[] whole = front.features(x);
                assertEquals(front.steps(n) * front.width(), whole.length);
                float[] streamed = new float[whole.length];
                FrontEnd.Stream stream = front.stream();
                float[] frame = new float[front.width()];
                int frames = 0;
                for (float v : x) {
                    if (stream.accept(v, frame)) {
                        System.arraycopy(frame, 0, streamed, frames++ * frame.length, frame.length);
                    }
                }
                while (stream.finish(frame)) {
                    System.arraycopy(frame, 0, streamed, frames++ * frame.length, frame.length);
                }
                assertEquals(front.steps(n), frames, kind + ", samples " + n);
                assertArrayEquals(whole, streamed, kind + ", samples " + n);
            }
        }
    }

    @Test
    void aFrameIsKnownHalfAFrameAfterItsMiddle() {
        FrontEnd.Stream stream = FrontEnd.of(SoundFeatures.Mfcc.DEFAULTS, 16000).stream();
        float[] frame = new float[20];
        int frames = 0;
        for (int i = 0; i < 1000; i++) {
            boolean complete = stream.accept(1, frame);
            frames += complete ? 1 : 0;
            assertEquals(i == 100 || (i > 100 && (i + 1) % 100 == 0), complete, "sample " + i);
        }
        assertEquals(10, frames);
        stream.reset();
        assertTrue(!stream.finish(frame), "nothing was said since");
    }

    @Test
    void aToneIsLoudestInItsBand() {
        FrontEnd front = FrontEnd.of(new SoundFeatures.LogMel("log-mel", 400, null, 160, 40, 0, null, 1e-6), 16000);
        int before = -1;
        for (double hertz : new double[]{300, 800, 2000, 5000}) {
            float[] x = new float[4000];
            set(x, i -> Math.sin(2 * Math.PI * hertz * i / 16000));
            float[] y = front.features(x);
            int loudest = 0;
            for (int m = 0; m < 40; m++) {
                loudest = y[10 * 40 + m] > y[10 * 40 + loudest] ? m : loudest;
            }
            double width = 2595 * Math.log10(1 + 8000 / 700.0) / 41;
            assertEquals(2595 * Math.log10(1 + hertz / 700) / width - 1, loudest, 0.8, hertz + " Hz");
            assertTrue(loudest > before);
            before = loudest;
        }
    }

    @Test
    void silenceIsTheLogarithmOfTheOffset() {
        float[] y = FrontEnd.of(WIDE, 16000).features(new float[1000]);
        for (float v : y) {
            assertEquals(Math.log(1e-6), v, 1e-6);
        }
    }

    private static SoundFeatures bound(Map<String, Object> values) {
        return Binder.bind(ConfigTree.of(values, new Origin("here")), SoundFeatures.class,
                SoundFeatures.Raw.DEFAULTS);
    }

    @Test
    void featuresAreChosenByTheirWordAndWrongSizesRefused() {
        assertEquals(SoundFeatures.Raw.DEFAULTS, bound(Map.of()));
        assertEquals(SoundFeatures.Mfcc.DEFAULTS, bound(Map.of("_name_", "mfcc")));
        assertFails(ConfigException.class, () -> bound(Map.of("_name_", "cepstrum")), "raw, log-mel, mfcc");
        assertFails(ConfigException.class, () -> bound(Map.of("_name_", "mfcc", "n_fft", 201)), "n_fft: got 201",
                "even");
        assertFails(ConfigException.class, () -> bound(Map.of("_name_", "mfcc", "win_length", 400)),
                "win_length: got 400", "n_fft 200");
        assertFails(ConfigException.class, () -> bound(Map.of("_name_", "mfcc", "n_mels", 10)), "n_mfcc: got 20");
        assertFails(IllegalArgumentException.class, () -> FrontEnd.of(WIDE, 8000), "f_max: got 7600.0", "4000");
    }

    @Test
    void everyKthSampleIsTheOfficialHalfRate() {
        Waveform x = new Waveform(16000, new float[]{1, 2, 3, 4, 5});
        assertArrayEquals(new float[]{1, 3, 5}, x.at(8000, Resampling.DECIMATE).samples());
        assertArrayEquals(x.at(8000).samples(), x.at(8000, Resampling.BANDLIMITED).samples());
        assertFails(IllegalArgumentException.class, () -> x.at(11025, Resampling.DECIMATE), "sample_rate: got 11025",
                "divisor");
    }
}
