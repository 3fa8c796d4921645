package s4j.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/**
 * What outlives the process, of streams that are not brief: their states in the store, and what they were given since in the journal. Without a
 * store nothing does; without a journal the states that were stored.
 */
final class Kept implements AutoCloseable {
    private static final long SEGMENT = 64L << 20;
    /** In the journal in place of a step: the stream was closed. */
    static final long ENDED = -1;

    private final @Nullable StateStore store;
    private final @Nullable Journal journal;

    Kept(@Nullable StateStore store, @Nullable Path journal) throws IOException {
        this.store = store;
        this.journal = store == null || journal == null ? null : new Journal(journal);
    }

    /** Whether streams can rest. */
    boolean stores() { return store != null; }

    /** Puts the streams of the process before into {@code open}. */
    void recover(ModelShelf models, Map<String, OpenStream> open, Function<String, @Nullable OpenStream> resting,
            ServerLog log) throws IOException {
        if (journal != null) {
            new Recovery(models, open, resting).replay(journal, log);
            checkpoint(journal, open.values());
        }
    }

    /**
     * A stream that rests; null: none of this id does.
     *
     * @throws Problem when it rests since before its model was replaced
     */
    @Nullable
    OpenStream get(String id, ModelShelf models) {
        try {
            StateStore.Resting found = store == null ? null : store.get(id);
            if (found == null) {
                return null;
            }
            Served served = models.get(found.model());
            OpenStream s = new OpenStream(id, served, served.model().restore(found.state()));
            s.stored = s.state.steps();
            return s;
        } catch (MalformedFileException e) {
            throw Problem.conflict("the stream rests since before its model was replaced: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A stream begins; one from a snapshot is stored, as the journal has nothing that leads to its state. */
    void begun(OpenStream s, boolean snapshot) {
        try {
            if (snapshot) {
                put(s);
            }
            taken(s, s.state.steps(), new float[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A stream has taken values {@code x} from its step {@code first} on. */
    void taken(OpenStream s, long first, float[] x) throws IOException {
        if (journal != null && !s.brief) {
            journal.add(s.id, s.served.name(), first, x);
        }
    }

    /** A stream is closed for good. */
    void ended(OpenStream s) throws IOException {
        taken(s, ENDED, new float[0]);
        if (store != null && !s.brief) {
            store.remove(s.id);
        }
    }

    /** Stores a stream as it is now. Whoever calls holds its lock. */
    void put(OpenStream s) throws IOException {
        if (store != null && !s.brief && s.stored != s.state.steps()) {
            store.put(s.id, new StateStore.Resting(s.served.name(), s.state.snapshot()));
            s.stored = s.state.steps();
        }
    }

    /** Keeps the journal short: where it has grown, what is open is stored, and it begins anew. */
    void tidy(Collection<OpenStream> open) throws IOException {
        if (journal != null && journal.size() > SEGMENT) {
            checkpoint(journal, open);
        }
    }

    /** Stores what is open at the end of the process; whether there is a journal that this is the end of. */
    boolean finished(Collection<OpenStream> open) throws IOException {
        if (journal == null) {
            return false;
        }
        checkpoint(journal, open);
        return true;
    }

    private void checkpoint(Journal log, Collection<OpenStream> open) throws IOException {
        long last = log.rotate();
        for (OpenStream s : open) {
            s.lock.lock();
            try {
                if (!s.gone) {
                    put(s);
                }
            } finally {
                s.lock.unlock();
            }
        }
        log.forget(last);
    }

    @Override
    public void close() throws IOException {
        if (journal != null) {
            journal.close();
        }
    }
}
