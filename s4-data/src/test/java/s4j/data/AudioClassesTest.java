package s4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.audio.WavFile;
import s4j.audio.Waveform;
import s4j.config.ConfigException;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;

/** A folder of recordings for each class. */
final class AudioClassesTest {
    @TempDir
    Path dir = Path.of("");

    private final List<String> log = new ArrayList<>();

    private void wav(String name, int rate, int n, float value) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        float[] x = new float[n];
        Arrays.fill(x, value);
        WavFile.write(file, new Waveform(rate, x));
    }

    private Dataset load(@Nullable Integer rate, @Nullable Integer sampleLen) throws IOException {
        return load("sample_rate", rate, "sample_len", sampleLen);
    }

    /** Of keys and values; a null is left out. */
    private Dataset load(@Nullable Object... keys) throws IOException {
        java.util.Map<String, Object> values = new java.util.LinkedHashMap<>(
                java.util.Map.of("path", dir.toString(), "val_split", 0.25, "test_split", 0.25));
        for (int i = 0; i < keys.length; i += 2) {
            Object value = keys[i + 1];
            if (value != null) {
                values.put(String.valueOf(keys[i]), value);
            }
        }
        return Small.bound(values, AudioClassesConfig.DEFAULTS).load(log::add);
    }

    @Test
    void recordingsGetOneRateAndTheClassOfTheirFolder() throws IOException {
        for (int i = 0; i < 4; i++) {
            wav("no/" + i + ".wav", 8000, 80, -0.5f);
            wav("yes/deep/" + i + ".wav", 16_000, 80 + 80 * i, 0.5f);
        }
        Dataset data = load(null, null);
        assertEquals(List.of("found: " + dir + ", 8 recordings of up to 0.02 s at 8,000 Hz; 2 classes (no, yes)"), log);
        assertEquals(TargetSpec.Classes.of(List.of("no", "yes")), data.targets());
        assertEquals(160, data.lMax(), "320 samples at 16 kHz");
        for (SequenceSet set : List.of(data.train(), data.validation(), data.test())) {
            SequenceBatch batch = set.batch(java.util.stream.IntStream.range(0, set.size()).toArray());
            for (int i = 0; i < set.size(); i++) {
                assertEquals(set.label(i) == 1, batch.x()[i * batch.length()] > 0, "sign tells the class");
            }
            assertEquals(set.size() / 2, Arrays.stream(batch.classes()).sum(), "each class has its share");
        }
        assertEquals(8000, Objects.requireNonNull(data.transform().get("data.sample_rate")).get(0));
        TensorData std = Objects.requireNonNull(data.transform().get("data.std"));
        assertEquals(0.5, std.get(0), 0.1);
        assertEquals(50, load(8000, 50).lMax(), "longer ones are cut");
    }

    @Test
    void badFoldersAreRefused() throws IOException {
        assertFails(MalformedFileException.class, () -> load(null, null), "no sound files in");
        wav("a/0.wav", 8000, 8, 0);
        assertFails(MalformedFileException.class, () -> load(null, null), "one class only, 'a'");
        wav("b/1.wav", 8000, 8, 0);
        assertFails(MalformedFileException.class, () -> load(null, null), "2 recordings, 2 to train on and 0 to test",
                "dataset.test_split");
        wav("2.wav", 8000, 8, 0);
        assertFails(MalformedFileException.class, () -> load(null, null), "2.wav: the file is in no class's folder",
                "CLASS/FILE.wav");
        assertFails(ConfigException.class, () -> AudioClassesConfig.DEFAULTS.load(log::add), "dataset.path: got null");
    }
}
