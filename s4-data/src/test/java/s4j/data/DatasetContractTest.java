package s4j.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import s4j.data.lra.ImdbConfig;
import s4j.data.lra.ListOpsConfig;
import s4j.data.lra.PathfinderConfig;
import s4j.data.lra.SyntheticConfig;

/** Every data set keeps the contract. */
final class DatasetContractTest {
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

    /** Lines {@code TARGET,a,b,…} of 30 series of 5 to 9 steps. */
    private String series(List<String> targets) throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        StringBuilder out = new StringBuilder("label,t0,t1,t2,t3,t4,t5,t6,t7,t8\n");
        for (int i = 0; i < 30; i++) {
            out.append(targets.get(i % targets.size()));
            for (int t = 0; t < 9; t++) {
                out.append(',').append(t < 5 + i % 5 ? Double.toString(100 + 20 * random.nextDouble()) : "");
            }
            out.append('\n');
        }
        return Files.writeString(dir.resolve("x.csv"), out).toString();
    }

    @Nested
    final class MnistIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            return TinyMnist.load(dir.resolve("mnist"), new MnistConfig("mnist", true, 0.2, 7, null));
        }
    }

    @Nested
    final class CifarIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            Path files = Files.createDirectories(dir.resolve("cifar10/cifar-10-batches-bin"));
            Files.write(files.resolve("data_batch_1.bin"), images(9));
            Files.write(files.resolve("test_batch.bin"), images(4));
            return new CifarConfig("cifar", false, CifarConfig.DEFAULTS.std(), 0.25, 42, dir.toString())
                    .load(TinyMnist.QUIET);
        }

        private byte[] images(int count) {
            byte[] out = new byte[count * CifarImages.RECORD];
            new SplittableRandom(count).nextBytes(out);
            for (int i = 0; i < count; i++) {
                out[i * CifarImages.RECORD] = (byte) (i % 10);
            }
            return out;
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
                    42, false, dir.toString()).load(TinyMnist.QUIET);
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
                    true, dir.toString())
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

    @Nested
    final class TextIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            Files.createDirectories(dir.resolve("t"));
            Files.writeString(dir.resolve("t/a.txt"), "Ähre, 😀 and so on.\n".repeat(9));
            Files.writeString(dir.resolve("t/b.txt"), "The second file");
            return TextDatasetTest.config(dir.resolve("t"), TextConfig.Level.CHARACTERS, 16, 0.2, 0.2)
                    .load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class BytesIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            byte[] bytes = new byte[1000];
            new SplittableRandom(1).nextBytes(bytes);
            Path file = Files.write(dir.resolve("any"), bytes);
            return TextDatasetTest.config(file, TextConfig.Level.BYTES, 64, 0.1, 0.1).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class CorpusIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            Path at = Files.createDirectories(dir.resolve("ptb"));
            for (String split : new String[]{"train", "valid", "test"}) {
                Files.writeString(at.resolve("ptb." + split + ".txt"), " a b <unk> c \n\n b c\n".repeat(9));
            }
            return new CorpusConfig("corpus", CorpusConfig.Which.PTB, 8, 0, 1, dir.toString()).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class ListOpsIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            return new ListOpsConfig("listops", null, 5, 40, 5, 4, 12, 4, 4, 64, 1, null).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class ImdbIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            for (String split : new String[]{"train", "test"}) {
                Files.writeString(dir.resolve("imdb-" + split + ".tsv"),
                        "label\ttext\n" + "neg\tbäd\npos\tgood one\n".repeat(5));
            }
            return new ImdbConfig("imdb", 6, 0.2, 1, dir.toString()).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class AanIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            for (String split : new String[]{"train", "eval", "test"}) {
                Files.writeString(dir.resolve("new_aan_pairs." + split + ".tsv"),
                        "1.0\ti\tj\tof ünits\tof states\n0\tk\tl\tx\tquite another text\r\n".repeat(3));
            }
            return new s4j.data.lra.AanConfig("aan", 12, dir.toString()).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class PathfinderIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            return new PathfinderConfig("pathfinder", null, 16, 4, 6, 3, 3, 1, null).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class PathfinderArchiveIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            Files.createDirectories(dir.resolve("metadata"));
            Files.createDirectories(dir.resolve("imgs/0"));
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                var image = new java.awt.image.BufferedImage(16, 16, java.awt.image.BufferedImage.TYPE_BYTE_GRAY);
                image.getRaster().setSample(i % 16, i / 16, 0, 10 * i);
                javax.imageio.ImageIO.write(image, "png", dir.resolve("imgs/0/sample_" + i + ".png").toFile());
                lines.append("imgs/0 sample_").append(i).append(".png ").append(i).append(' ').append(i % 2).append(
                        " 14 2\n");
            }
            Files.writeString(dir.resolve("metadata/0.npy"), lines);
            return new PathfinderConfig("pathfinder", dir.toString(), 16, 14, 1, 1, 1, 0, null).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class ReconstructIt implements DatasetContract {
        @Override
        public Dataset load() {
            return new SyntheticConfig("synthetic", SyntheticConfig.Kind.RECONSTRUCT, 20, 3, 8, 5, 9, 3, 3, 1, null)
                    .load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class FashionIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            TinyMnist.load(dir.resolve("mnist"), MnistConfig.DEFAULTS);
            return FashionMnistConfig.DEFAULTS.load(TinyMnist.files(), TinyMnist.in(dir.resolve("mnist")),
                    TinyMnist.QUIET);
        }
    }

    @Nested
    final class CopyingIt implements DatasetContract {
        @Override
        public Dataset load() {
            return new SyntheticConfig("synthetic", SyntheticConfig.Kind.COPYING, 20, 3, 8, 5, 9, 3, 3, 1, null)
                    .load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class AddingIt implements DatasetContract {
        @Override
        public Dataset load() {
            return new SyntheticConfig("synthetic", SyntheticConfig.Kind.ADDING, 20, 3, 8, 5, 9, 3, 3, 1, null)
                    .load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class SeriesOfClassesIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            return Small.series(series(List.of("up", "down", "flat"))).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class SeriesOfNumbersIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            return Small.series(series(List.of("0.5", "17.25", "-3", "9.125"))).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class SeriesFromADatabaseIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            return Small.series(Map.of("url", "jdbc:duckdb:", "query",
                    "select i // 7 as id, i as t, case when i // 7 % 2 = 0 then 'a' else 'b' end as class, sin(i) as x, cos(i) as y"
                            + " from range(140) r(i)",
                    "id", "id", "time", "t")).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class SeriesOfTheArchiveIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            StringBuilder out = new StringBuilder("@classLabel true a b\n@data\n");
            for (int i = 0; i < 12; i++) {
                out.append(i).append(",2,").append(i * i).append(i % 3 == 0 ? ",5" : "").append(":1,2,3")
                        .append(i % 3 == 0 ? ",?" : "").append(i % 2 == 0 ? ":a\n" : ":b\n");
            }
            Files.write(dir.resolve("A_TRAIN.ts.gz"),
                    TinyMnist.gzip(out.toString().getBytes(StandardCharsets.UTF_8)));
            Files.writeString(dir.resolve("A_TEST.ts"), out);
            return Small.series(Map.of("path", dir.resolve("A").toString(), "missing", "last")).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class ForecastOfATableIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            StringBuilder out = new StringBuilder("unique_id,ds,y,known\n");
            for (int i = 0; i < 120; i++) {
                String value = i % 17 == 3 ? "" : Double.toString(10 + Math.sin(i) + i % 3);
                out.append(i % 2 == 0 ? "a" : "b").append(',')
                        .append(java.time.LocalDate.of(2020, 1, 1).plusDays(i / 2))
                        .append(',').append(value).append(',').append(i % 7).append('\n');
            }
            Path file = Files.writeString(dir.resolve("f.csv"), out);
            return Small
                    .forecast(Map.of("path", file.toString(), "horizon", 3, "future", List.of("known"), "masked", true,
                            "calendar", true, "normalization", "mean_std"))
                    .load(TinyMnist.QUIET);
        }
    }
}
