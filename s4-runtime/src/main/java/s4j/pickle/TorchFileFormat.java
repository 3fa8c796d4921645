package s4j.pickle;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One of the three formats of {@code torch.save}: what was saved, and the bytes of its storages. */
sealed interface TorchFileFormat extends AutoCloseable permits TorchArchive, LegacyStream, LegacyTar {
    /** Longest pickle that is read. Those of the largest models have some hundred thousand bytes. */
    int MAX_PICKLE = 1 << 24;

    /** Runs the pickle through the restricted machine. */
    @Nullable
    Object root() throws IOException;

    /** The bytes of a storage, little-endian. */
    byte[] storage(Storage storage) throws IOException;

    @Override
    void close() throws IOException;
}
