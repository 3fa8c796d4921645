package s4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import s4j.audio.WavFile;
import s4j.audio.Waveform;

/** Folders of recordings for tests. */
final class Spoken {
    static void wav(Path dir, String name, float... samples) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        WavFile.write(file, new Waveform(16000, samples));
    }

    /** Words of speakers, each sample telling word and speaker. */
    static void words(Path dir, List<String> words, int speakers) throws IOException {
        for (int w = 0; w < words.size(); w++) {
            for (int s = 0; s < speakers; s++) {
                float[] x = new float[40 + s];
                Arrays.fill(x, (w + 1) / 16f);
                wav(dir, words.get(w) + "/%08x_nohash_0.wav".formatted(s * 7919), x);
            }
        }
    }

    static ClipDataset sc(Path dir, Map<String, Object> keys, Consumer<String> log) throws IOException {
        Map<String, Object> all = new HashMap<>(Map.of("path", dir.toString(), "sample_len", 64));
        all.putAll(keys);
        return (ClipDataset) Small.bound(all, ScConfig.DEFAULTS).load(log);
    }

    private Spoken() {}
}
