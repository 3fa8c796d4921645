package s4j.data.lra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;
import s4j.data.DataPlaces;
import s4j.data.Dataset;
import s4j.data.DatasetConfig;
import s4j.data.SequenceSet;
import s4j.generate.Vocabulary;
import s4j.io.TensorData;
import s4j.model.TargetSpec;

/**
 * Pairs of papers, of which one may cite the other ({@code dataset._name_: aan}; Radev et al. 2013): the task Retrieval of the Long
 * Range Arena. Texts are bytes; a sequence is both, each padded with 0 to l_max. Read from
 * {@code new_aan_pairs.train.tsv}, {@code .eval.tsv} and {@code .test.tsv} with the columns label, id1, id2, text1, text2 and no
 * header, row by row as they are asked for.
 *
 * @param name {@code aan}
 * @param lMax bytes of a text; longer ones are cut
 * @param dataDir a directory with the files; null: the usual places
 */
public record AanConfig(@Key("_name_") @Default("aan") String name,
        @Default("4000") @Range(min = 1, max = 1 << 20) int lMax, @Nullable String dataDir) implements DatasetConfig {
    public static final AanConfig DEFAULTS = Defaults.of(AanConfig.class);

    private static final List<String> SPLITS = List.of("train", "eval", "test");

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        List<Path> directories = new ArrayList<>();
        if (dataDir != null) {
            directories.add(Path.of(dataDir));
        }
        directories.addAll(DataPlaces.directories(System.getenv()));
        List<TextPairs> splits = new ArrayList<>();
        for (String split : SPLITS) {
            splits.add(TextPairs.of(find(directories, "new_aan_pairs." + split + ".tsv"), lMax));
        }
        log.accept(
                "AAN: %,d training, %,d validation, %,d test pairs of up to %,d bytes each".formatted(splits.getFirst()
                        .size(), splits.get(1).size(), splits.getLast().size(), lMax));
        return new Pairs(this, splits.getFirst(), splits.get(1), splits.getLast());
    }

    private static Path find(List<Path> directories, String name) {
        for (Path directory : directories) {
            for (String folder : List.of("aan", "tsv_data", "lra_release/lra_release/tsv_data", "")) {
                Path file = directory.resolve(folder).resolve(name);
                if (Files.isRegularFile(file)) {
                    return file;
                }
            }
        }
        throw new ConfigException(
                "dataset aan: no file %s; expected it in a folder aan or tsv_data, from the Long Range"
                        .formatted(name) + " Arena's archive. Looked in "
                        + String.join(", ", directories.stream().map(
                                Path::toString).toList()));
    }

    /** The data set. */
    private record Pairs(AanConfig config, TextPairs trained, TextPairs chosen, TextPairs tested) implements Dataset {
        @Override
        public String name() { return "aan"; }

        @Override
        public int dInput() { return 256; }

        @Override
        public boolean tokens() { return true; }

        @Override
        public int lMax() { return 2 * config.lMax; }

        @Override
        public TargetSpec targets() { return TargetSpec.Classes.of(List.of("unrelated", "related")); }

        @Override
        public SequenceSet train() { return trained; }

        @Override
        public SequenceSet validation() { return chosen; }

        @Override
        public SequenceSet test() { return tested; }

        @Override
        public Map<String, TensorData> transform() { return Map.of(); }

        @Override
        public Vocabulary vocabulary() { return Vocabulary.bytes(); }

        @Override
        public String hash() { return Hashes.of(List.of(trained.hash(), chosen.hash(), tested.hash())); }
    }
}
