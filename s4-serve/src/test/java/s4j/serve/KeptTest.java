package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.stream.TinyModels;

/** What of a stream outlives the process that had it. */
final class KeptTest {
    @TempDir
    Path tmp = Path.of("");

    private ModelShelf shelf;
    private Served plain;

    @BeforeEach
    void model() throws IOException {
        Path file = tmp.resolve("plain.safetensors");
        TinyModels.classifier(true, "step").write(file);
        shelf = ModelShelf.of(List.of(file));
        plain = shelf.get("plain");
    }

    private Kept kept() throws IOException {
        return new Kept(new FileStore(tmp.resolve("store")), tmp.resolve("journal"));
    }

    private OpenStream stream(boolean brief) {
        return new OpenStream(StreamId.next(), plain, plain.model().newState(), brief);
    }

    /** Steps it so often and tells of each. */
    private static void step(Kept kept, OpenStream s, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            long first = s.state.steps();
            float[] x = {first, 0.5f};
            s.served.model().forwardChunk(s.state, x);
            kept.taken(s, first, x);
        }
    }

    private Map<String, OpenStream> recovered(Kept kept) throws IOException {
        Map<String, OpenStream> open = new HashMap<>();
        kept.recover(shelf, open, id -> kept.get(id, shelf), ServerLog.words(line -> {}));
        return open;
    }

    @Test
    void theNextProcessHasWhatWasBegunAndNotEndedToTheSameBits() throws IOException {
        Kept killed = kept();
        OpenStream stepped = stream(false);
        OpenStream copied = stream(false);
        OpenStream ended = stream(false);
        OpenStream brief = stream(true);
        step(new Kept(null, null), copied, 3); // as a snapshot has it
        for (OpenStream s : List.of(stepped, ended, brief)) {
            killed.begun(s, false);
            step(killed, s, 2);
        }
        killed.begun(copied, true);
        step(killed, copied, 1);
        killed.ended(ended);
        // never closed
        try (Kept next = kept()) {
            Map<String, OpenStream> open = recovered(next);
            assertEquals(Set.of(stepped.id, copied.id), open.keySet());
            for (OpenStream s : List.of(stepped, copied)) {
                assertArrayEquals(s.state.snapshot(), Objects.requireNonNull(open.get(s.id)).state.snapshot());
            }
        }
    }

    @Test
    void atTheEndOfAProcessAllIsInTheStoreAndTheJournalForgets() throws IOException {
        OpenStream s = stream(false);
        try (Kept first = kept()) {
            first.begun(s, false);
            step(first, s, 2);
            assertNull(first.get(s.id, shelf), "it is in the journal alone");
            assertTrue(first.finished(List.of(s)));
            assertArrayEquals(s.state.snapshot(), Objects.requireNonNull(first.get(s.id, shelf)).state.snapshot());
        }
        try (Kept next = kept()) {
            assertEquals(Map.of(), recovered(next), "none is open");
            assertEquals(2, Objects.requireNonNull(next.get(s.id, shelf)).state.steps());
        }
    }

    @Test
    void aStreamThatRestsSinceBeforeItsModelWasReplacedIsToldSo() throws IOException {
        OpenStream s = stream(false);
        try (Kept kept = kept()) {
            step(kept, s, 1);
            kept.put(s);
            Path other = Files.createDirectory(tmp.resolve("other")).resolve("plain.safetensors");
            TinyModels.classifier(false, "step").write(other);
            ModelShelf newer = ModelShelf.of(List.of(other));
            Problem p = assertThrows(Problem.class, () -> kept.get(s.id, newer));
            assertTrue(String.valueOf(p.getMessage()).contains("rests since before its model was replaced"), p
                    .getMessage());
        }
    }

    @Test
    void withoutAStoreNothingIsKeptAndAFullOneIsNoLoss() throws IOException {
        try (Kept none = new Kept(null, tmp.resolve("journal"))) {
            OpenStream s = stream(false);
            none.begun(s, true);
            step(none, s, 1);
            assertFalse(none.stores());
            assertFalse(none.finished(List.of(s)));
            assertNull(none.get(s.id, shelf));
            assertFalse(Files.exists(tmp.resolve("journal")), "a journal goes with a store");
        }
        try (Kept full = new Kept(new FullStore(), null)) {
            OpenStream s = stream(false);
            assertThrows(IOException.class, () -> full.put(s));
            assertEquals(-1, s.stored, "it will be tried again");
            assertThrows(UncheckedIOException.class, () -> full.begun(s, true));
        }
    }
}
