package s4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import s4j.data.lra.PathfinderConfig;
import s4j.data.lra.SyntheticConfig;

/** Every data set of images, and made sequences keeps the contract. */
final class ImageContractTest {
    @TempDir
    Path dir = Path.of("");

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
    final class FashionIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            TinyMnist.load(dir.resolve("mnist"), MnistConfig.DEFAULTS);
            return FashionMnistConfig.DEFAULTS.load(TinyMnist.files(), TinyMnist.in(dir.resolve("mnist")),
                    TinyMnist.QUIET);
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
}
