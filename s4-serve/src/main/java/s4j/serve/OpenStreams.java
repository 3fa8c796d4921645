package s4j.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;
import s4j.io.Shown;
import s4j.stream.S4Model;
import s4j.stream.StreamState;

/**
 * All streams by id. Those that nobody steps go to the store and come back with the next value; with a journal what was answered
 * survives the process, however it ends.
 */
final class OpenStreams implements AutoCloseable {
    /** Characters of an id that a message repeats: no real one has more. */
    private static final int SHOWN = 40;

    private final ModelShelf models;
    private final ServerConfig.Limits limits;
    private final Kept kept;
    private final ServerLog events;
    private final Map<String, OpenStream> open = new ConcurrentHashMap<>();

    /**
     * Of a store and a directory for the journal; with both, streams of the process before go on.
     *
     * @param log told what was found, and what becomes of streams
     */
    OpenStreams(ModelShelf models, ServerConfig.Limits limits, @Nullable StateStore store, @Nullable Path journal,
            ServerLog log) throws IOException {
        this.models = models;
        this.limits = limits;
        this.events = log;
        this.kept = new Kept(store, journal);
        kept.recover(models, open, this::resting, log);
    }

    /** A new stream of a model, at its beginning or from a snapshot. */
    OpenStream begin(Served served, byte @Nullable [] snapshot) {
        requireStreaming(served);
        StreamState state = served.model().newState();
        if (snapshot != null) {
            try {
                state = served.model().restore(snapshot);
            } catch (MalformedFileException e) {
                throw Problem.badRequest("snapshot: " + e.getMessage());
            }
        }
        makeRoom();
        OpenStream s = new OpenStream(StreamId.next(), served, state);
        kept.begun(s, snapshot != null);
        open.put(s.id, s);
        tell("stream begun", s);
        return s;
    }

    private void tell(String event, OpenStream s) {
        events.tell(event, "", "stream", ServerLog.shown(s.id), "model", s.served.name(), "steps", s.state.steps());
    }

    /** A new stream that is of this process alone and ends when nobody has used it for long. */
    OpenStream beginBrief(Served served) {
        requireStreaming(served);
        makeRoom();
        OpenStream s = new OpenStream(StreamId.next(), served, served.model().newState(), true);
        open.put(s.id, s);
        return s;
    }

    private static void requireStreaming(Served served) {
        String refusal = served.model().streamingRefusal();
        if (refusal != null) {
            throw Problem.badRequest("model " + served.name() + " does not stream: " + refusal);
        }
    }

    private void makeRoom() {
        if (open.size() < limits.streams()) {
            return;
        }
        if (!kept.stores() || open.values().stream().filter(s -> !s.brief).min(Comparator.comparingLong(s -> s.used))
                .map(s -> !rest(s)).orElse(true)) {
            throw Problem.tooMany("%,d streams are open; expected fewer. Close some, or start the server with --store"
                    .formatted(open.size()));
        }
    }

    /** Does something with a stream that nobody else does anything with meanwhile. */
    <T> T with(String id, Function<OpenStream, T> use) {
        while (true) {
            OpenStream s = find(id);
            lock(s);
            try {
                if (!s.gone) {
                    s.used = System.nanoTime();
                    return use.apply(s);
                }
            } finally {
                s.lock.unlock();
            }
        }
    }

    private void lock(OpenStream s) {
        try {
            if (!s.lock.tryLock(limits.time().toNanos(), TimeUnit.NANOSECONDS)) {
                throw Problem.tooSlow("the stream was busy for " + limits.time().toMillis() + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.unavailable("interrupted");
        }
    }

    private OpenStream find(String id) {
        OpenStream s = open.get(id);
        if (s == null && kept.stores() && StreamId.valid(id)) {
            s = open.computeIfAbsent(id, this::resting);
        }
        if (s == null) {
            throw Problem.notFound("no stream " + Shown.text(id.substring(0, Math.min(SHOWN, id.length())))
                    + "; it was never opened, or was closed");
        }
        return s;
    }

    private @Nullable OpenStream resting(String id) {
        OpenStream s = kept.get(id, models);
        if (s != null) {
            tell("stream back", s);
        }
        return s;
    }

    /** After a stream has taken values and before that is answered. */
    void taken(OpenStream s, long first, float[] x) {
        try {
            kept.taken(s, first, x);
        } catch (IOException e) {
            // in memory it is ahead of what is kept
            throw lost(s, Problem.unavailable("the journal failed: " + e.getMessage()));
        }
    }

    /** Ends a stream whose state is not what was answered. Whoever calls holds its lock; what is returned tells the client. */
    Problem lost(OpenStream s, Problem why) {
        try {
            forget(s);
        } catch (IOException e) {
            // it is closed here; a journal that cannot be written is told of by whoever writes next
        }
        return why.ending(
                "the stream is closed, as its state is not what was answered; open a new one, or one from a snapshot");
    }

    private void forget(OpenStream s) throws IOException {
        s.gone = true;
        open.remove(s.id, s);
        tell("stream ended", s);
        kept.ended(s);
    }

    /** Ends a stream for good. */
    void end(String id) {
        with(id, s -> {
            try {
                forget(s);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return id;
        });
    }

    /** Sends to the store what nobody has used for long; keeps the journal short. */
    void tidy() throws IOException {
        long now = System.nanoTime();
        for (OpenStream s : open.values()) {
            if ((kept.stores() || s.brief) && now - s.used > limits.idle().toNanos()) {
                rest(s);
            }
        }
        kept.tidy(open.values());
    }

    /** To the store (a brief one: to nowhere) and out of memory, unless somebody uses it or its outputs are no longer finite. */
    private boolean rest(OpenStream s) {
        if (!s.lock.tryLock()) {
            return false;
        }
        try {
            if (!s.gone) {
                kept.put(s);
                s.gone = true;
                open.remove(s.id, s);
                tell("stream rests", s);
            }
            return true;
        } catch (IOException | IllegalStateException e) {
            events.tell("stream stays", "", "stream", ServerLog.shown(s.id), "reason", String.valueOf(e.getMessage()));
            return false;
        } finally {
            s.lock.unlock();
        }
    }

    /** Streams in memory. */
    int size() { return open.size(); }

    /** Whether a stream in memory is of this network. */
    boolean use(S4Model network) {
        return open.values().stream().anyMatch(s -> s.served.model() == network);
    }

    /** Whether a stream is in memory. */
    boolean holds(String id) { return open.containsKey(id); }

    /** Sends all to the store. */
    @Override
    public void close() throws IOException {
        if (!kept.finished(open.values())) {
            for (OpenStream s : open.values()) {
                rest(s);
            }
        }
        kept.close();
    }
}
