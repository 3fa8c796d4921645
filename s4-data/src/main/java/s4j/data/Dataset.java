package s4j.data;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import s4j.io.TensorData;

/** A data set of labelled sequences, ready for a network: split, normalised, permuted. */
public interface Dataset {
    /** The name in configurations. */
    String name();

    /** Values per step. */
    int dInput();

    /** Outputs the network needs, e.g. classes. */
    int dOutput();

    /** Steps of the longest sequence. */
    int lMax();

    /** Whether each step has a target, as the next sample; else each sequence has a class. */
    default boolean stepTargets() {
        return false;
    }

    /** Names of the classes, {@link #dOutput()} of them. */
    List<String> classNames();

    /** Sequences to train on. */
    SequenceSet train();

    /** Sequences to choose the best checkpoint by; may be empty. */
    SequenceSet validation();

    /** Sequences to report on. */
    SequenceSet test();

    /** What was done to raw data, as tensors for the model file: {@code data.mean}, {@code data.std}, {@code data.permutation}. */
    Map<String, TensorData> transform();

    /** SHA-256 over the data's files, hexadecimal: for provenance. */
    String hash();

    /**
     * Finds or fetches, checks and reads the data set.
     *
     * @param log told, line by line, what is being fetched and which files were refused
     * @throws IOException when no source has the data, or it is damaged; the message is meant for the user
     */
    static Dataset load(DatasetConfig config, Consumer<String> log) throws IOException {
        return switch (config) {
            case MnistConfig mnist -> {
                DataFiles files = DataFiles.usual("mnist", mnist.dataDir(), System.getenv());
                yield Mnist.load(mnist, MnistFiles.ORIGINAL, files, log);
            }
            case AudioConfig audio ->
                AudioFolder.load(audio, AudioPlaces.usual("audio", audio.dataDir(), System.getenv()));
            case Sc09Config sc09 -> Sc09.load(sc09, AudioPlaces.usual("sc09", sc09.dataDir(), System.getenv()));
            case FsddConfig fsdd ->
                Fsdd.load(fsdd, AudioPlaces.usual("fsdd", fsdd.dataDir(), System.getenv()), FsddArchive.CANONICAL, log);
            case CifarConfig cifar ->
                Cifar.load(cifar, CifarFiles.usual(cifar.dataDir(), System.getenv()), log);
        };
    }
}
