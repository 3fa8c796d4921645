package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.train.run.RunException;

/** What bench does before it measures. */
final class BenchCommandTest {
    @TempDir
    Path tmp;

    @Test
    void benchListsTheWorksThatOnlyChooses() {
        Commands.Said said = Commands.s4("", "bench", "--list", "--only", "^s4d/convolution/fwd/b50");
        assertEquals(0, said.code(), said.err());
        assertEquals("s4d/convolution/fwd/b50-h128-l784", said.out().strip());
    }

    @Test
    void benchMakesItsDirectoryButNotItsParents() throws IOException {
        Path made = tmp.resolve("results");
        BenchCommand.create(made);
        BenchCommand.create(made);
        assertTrue(Files.isDirectory(made));
        assertThrows(RunException.class, () -> BenchCommand.create(tmp.resolve("no/where")));
        assertFalse(Files.exists(tmp.resolve("no")));
        Path file = Files.createFile(tmp.resolve("file"));
        assertThrows(RunException.class, () -> BenchCommand.create(file));
    }
}
