package s4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import s4j.audio.WavFile;
import s4j.audio.Waveform;

/** Every data set of sound keeps the contract. */
final class SoundContractTest {
    @TempDir
    Path dir = Path.of("");

    private void recordings(String... folders) throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        for (String folder : folders) {
            for (int i = 0; i < 8; i++) {
                float[] x = new float[20 + 5 * i];
                for (int t = 0; t < x.length; t++) {
                    x[t] = (float) (random.nextDouble() - 0.4);
                }
                Path file = dir.resolve(folder).resolve("r" + i + ".wav");
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                WavFile.write(file, new Waveform(8000, x));
            }
        }
    }

    @Nested
    final class SpokenDigitsIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            for (int i = 0; i < 24; i++) {
                Path file = dir.resolve("recordings/" + i / 12 + "_ann_" + i % 12 + ".wav");
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                WavFile.write(file, new Waveform(8000, new float[]{0.1f * (i % 3), -0.2f, 0.3f, i / 24f}));
            }
            return new FsddConfig("fsdd", 8, s4j.audio.Quantization.MU_LAW, AudioConfig.Scale.FILE, 8000, false, 0.2,
                    42, false, 1, dir.toString()).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class SpeechCommandsIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            recordings("zero", "nine");
            Files.writeString(dir.resolve("validation_list.txt"), "zero/r0.wav\n");
            Files.writeString(dir.resolve("testing_list.txt"), "zero/r1.wav\nnine/r1.wav\n");
            return new Sc09Config("sc09", 8, s4j.audio.Quantization.MU_LAW, AudioConfig.Scale.WINDOW, 30,
                    true, 3, dir.toString())
                    .load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class AudioIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            recordings("x");
            return new AudioConfig("audio", dir.toString(), 8, s4j.audio.Quantization.MU_LAW, AudioConfig.Scale.NONE,
                    30,
                    false, null, 0.6, 7, null).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class AudioClassesIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            recordings("no", "yes");
            return Small.bound(Map.of("path", dir.toString(), "sample_rate", 4000, "sample_len", 25, "val_split", 0.2,
                    "test_split", 0.2), AudioClassesConfig.DEFAULTS).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class AudioFramesIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            recordings("no", "yes");
            return Small.bound(Map.of("path", dir.toString(), "val_split", 0.2, "test_split", 0.2, "features",
                    Map.of("_name_", "mfcc", "n_fft", 16, "hop_length", 4, "n_mels", 5, "n_mfcc", 3)),
                    AudioClassesConfig.DEFAULTS).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class WordsIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            recordings("no", "yes", "cat", "_background_noise_");
            return Small.bound(Map.of("path", dir.toString(), "classes", List.of("no", "yes", "_unknown_", "_silence_"),
                    "sample_rate", 8000, "sample_len", 50, "split", "random", "val_split", 0.2, "test_split", 0.2,
                    "silence", 50, "augment", Map.of("shift", 0.001)), ScConfig.DEFAULTS).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class DigitClassesIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            for (int i = 0; i < 48; i++) {
                Path file = dir
                        .resolve("recordings/" + i / 24 + (i % 2 == 0 ? "_ann_" : "_bob_") + i / 2 % 12 + ".wav");
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                WavFile.write(file, new Waveform(8000, new float[]{0.1f * (i % 3), -0.2f, 0.3f, i / 48f}));
            }
            return Small.bound(Map.of("data_dir", dir.toString()), FsddClassesConfig.DEFAULTS).load(TinyMnist.QUIET);
        }
    }
}
