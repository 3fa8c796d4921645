package s4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import s4j.data.lra.ImdbConfig;
import s4j.data.lra.ListOpsConfig;

/** Every data set of text keeps the contract. */
final class TextContractTest {
    @TempDir
    Path dir = Path.of("");

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
            return new ImdbConfig("imdb", 6, ImdbConfig.Part.FIRST, 0.2, 1, dir.toString()).load(TinyMnist.QUIET);
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
}
