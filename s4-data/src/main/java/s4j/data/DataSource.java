package s4j.data;

import java.io.IOException;

/** A place that may have a data set's files. */
interface DataSource {
    /** What to call it in messages. */
    String name();

    /** Whether what it gives is worth keeping in the cache. */
    boolean remote();

    /**
     * The uncompressed content of a file; the caller checks it.
     *
     * @throws IOException when it has none, with the reason
     */
    byte[] content(DataFile file) throws IOException;
}
