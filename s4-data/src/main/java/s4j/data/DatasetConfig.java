package s4j.data;

import org.jspecify.annotations.Nullable;

/** Which data set, and how it is prepared ({@code dataset.*}); {@code _name_} chooses the record. */
public sealed interface DatasetConfig permits MnistConfig, CifarConfig, AudioConfig, Sc09Config, FsddConfig {
    /** The data set's name. */
    String name();

    /** A directory with the files; null: the usual places. */
    @Nullable
    String dataDir();
}
