package s4j.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import s4j.io.MalformedFileException;
import s4j.math.SplitMix64;

/** Any folder of recordings, split by file in a seeded order. */
final class AudioFolder {
    private static final int FEW = 3;

    static AudioDataset load(AudioConfig config, AudioPlaces places) throws IOException {
        try (Recordings recordings = find(config, places)) {
            var reader = new AudioDataset.Reader(recordings, config.form(), config.sampleRate(), name -> -1, List.of(),
                    1);
            List<String> names = recordings.names();
            if (names.size() < FEW) {
                return byTime(config, reader, reader.set(names));
            }
            int[] order = SplitMix64.of(config.seed(), "split", 0).permutation(names.size());
            int[] ends = ends(names.size(), config.trainPercentage());
            return reader.dataset("audio", new AudioDataset.Names(some(names, order, 0, ends[0]),
                    some(names, order, ends[0], ends[1]), some(names, order, ends[1], names.size())));
        }
    }

    /** Where training and validation end; each of three or more gets at least one. */
    private static int[] ends(int n, double train) {
        int test = Math.max(1, (int) Math.round(n * (1 - train) / 2));
        int first = Math.clamp(Math.round(n * train), 1, Math.max(1, n - 2 * test));
        return new int[]{first, n - test};
    }

    private static List<String> some(List<String> names, int[] order, int from, int to) {
        return Arrays.stream(order, from, to).sorted().mapToObj(names::get).toList();
    }

    private static AudioDataset byTime(AudioConfig config, AudioDataset.Reader reader, AudioSet all)
            throws IOException {
        if (all.size() < FEW) {
            throw new MalformedFileException(
                    "%d sequences in fewer than %d files; expected at least %d to train, validate and test."
                            .formatted(all.size(), FEW, FEW) + " Lower dataset.sample_len (" + config.sampleLen()
                            + ")");
        }
        int[] ends = ends(all.size(), config.trainPercentage());
        return reader.dataset("audio", part(all, 0, ends[0]), part(all, ends[0], ends[1]),
                part(all, ends[1], all.size()));
    }

    private static AudioSet part(AudioSet all, int from, int to) {
        return new AudioSet(all.windows().subList(from, to), all.labels().subList(from, to), all.form(), 0);
    }

    private static Recordings find(AudioConfig config, AudioPlaces places) throws IOException {
        List<Path> tried = new ArrayList<>();
        if (config.path() != null) {
            tried.add(Path.of(config.path()));
            places.directories().forEach(d -> tried.add(d.resolve(config.path())));
        } else if (config.dataDir() != null) {
            tried.add(Path.of(config.dataDir()));
        } else {
            throw new MalformedFileException(
                    "dataset.path is null; expected a folder of wav files, e.g. dataset.path=my/recordings");
        }
        for (Path path : tried) {
            Recordings found = AudioPlaces.open(path);
            if (found != null) {
                return found;
            }
        }
        throw new MalformedFileException(
                "no wav files: looked in " + tried + "; expected dataset.path to be a folder (or a zip "
                        + "archive) with .wav files, itself or below data_dir, S4_DATA or the cache");
    }

    private AudioFolder() {}
}
