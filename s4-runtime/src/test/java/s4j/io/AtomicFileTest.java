package s4j.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.testkit.Refusal;

/** Where a file is written. */
class AtomicFileTest {
    @TempDir
    Path tmp = Path.of("");

    @Test
    void theFilesModeAndTheLinkToItStay() throws IOException {
        Path file = Files.writeString(tmp.resolve("file"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(tmp.resolve("link"), Path.of("file"));
        AtomicFile.write(link, "new");
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(file));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aDeviceIsWrittenToAndStaysOne() throws IOException {
        Path device = Path.of("/dev/null");
        AtomicFile.write(device, "nothing");
        assertFalse(Files.isRegularFile(device));
        AtomicFile.write(Files.createSymbolicLink(tmp.resolve("null"), device), "nothing");
        assertFalse(Files.isRegularFile(device));
        String full = Refusal.messageOf(IOException.class, () -> AtomicFile.write(Path.of("/dev/full"), "too much"));
        assertTrue(full.startsWith("cannot write /dev/full: "), full);
        assertEquals(IOException.class, assertThrows(IOException.class, () -> AtomicFile.write(Path.of("/dev/full"),
                "too much")).getClass(), "a full disk is no wrong place");
    }

    /** Some systems say so when the file is made, others when it is written: a mistake of nobody's, either way. */
    @Test
    void aDiskThatIsFullWhenTheFileIsMadeIsNoWrongPlace() {
        for (String reason : List.of("No space left on device", "Disk quota exceeded")) {
            Path file = tmp.resolve("file");
            assertFails(IOException.class, () -> AtomicFile.write(file, out -> {
                throw new FileSystemException("temporary", null, reason);
            }), "cannot write " + file + ": " + reason);
            assertFalse(Files.exists(file));
        }
    }

    @Test
    void aPlaceWhereNoFileCanBeIsNamedAsTheUserKnowsIt() throws IOException {
        Path file = Files.writeString(tmp.resolve("file"), "old");
        for (Path place : List.of(tmp, file.resolve("x"), tmp.resolve("no").resolve("x"), tmp.resolve("n".repeat(250)),
                Path.of("/sys/s4j"), Path.of("/proc/s4j"))) {
            String message = assertFails(UnwritableException.class, () -> AtomicFile.write(place, "new"),
                    "cannot write " + place + ": ");
            assertFalse(message.contains(".tmp") || message.contains("Exception"), message);
        }
        assertEquals("old", Files.readString(file));
        try (var left = Files.list(tmp)) {
            assertEquals(List.of(file), left.toList(), "nothing half-written");
        }
    }

    @Test
    void aPipeWithANameIsWrittenToAndStaysOne() throws Exception {
        Path pipe = tmp.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        var reader = java.util.concurrent.CompletableFuture.supplyAsync(() -> {
            try {
                return Files.readString(pipe);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        AtomicFile.write(pipe, "through it");
        assertEquals("through it", reader.get(30, java.util.concurrent.TimeUnit.SECONDS));
        assertTrue(Files.exists(pipe) && !Files.isRegularFile(pipe));
    }

    @Test
    void theInputIsNoOutput() throws IOException {
        Path file = Files.writeString(tmp.resolve("file"), "old");
        Path link = Files.createSymbolicLink(tmp.resolve("link"), file);
        for (Path out : new Path[]{file, link, tmp.resolve(".").resolve("file")}) {
            assertTrue(Refusal.messageOf(() -> AtomicFile.requireOther("--out", out, file))
                    .contains("is the file that is read; expected another"));
        }
        AtomicFile.requireOther("--out", tmp.resolve("other"), file);
        AtomicFile.requireOther("--out", Path.of("/dev/null"), Path.of("/dev/null"));
    }

    @Test
    void leftoversOfTheDeadGoAndThoseOfTheLivingStay() throws IOException {
        Path dead = old(Files.writeString(tmp.resolve(".m.safetensors.0123456789abcdef.tmp"), "half"));
        Path living = old(Files.writeString(tmp.resolve(".n.safetensors.0123456789abcdef.tmp"), "half"));
        Path foreign = old(Files.writeString(tmp.resolve(".mine.tmp"), "mine"));
        try (FileChannel writer = FileChannel.open(living, StandardOpenOption.WRITE); var lock = writer.lock()) {
            assertTrue(lock.isValid());
            AtomicFile.write(tmp.resolve("file"), out -> out.write(ByteBuffer.wrap(new byte[9])));
            assertFalse(Files.exists(dead));
            assertTrue(Files.exists(living) && Files.exists(foreign));
        }
        AtomicFile.write(tmp.resolve("file"), "next");
        assertFalse(Files.exists(living));
    }

    private static Path old(Path file) throws IOException {
        return Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    }
}
