package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.cli.Commands.Said;

/** Every output of every command in places where no file can be: the user's to mend, so exit code 2, a reason, and nothing left behind. */
class UnwritableTest {
    @TempDir
    Path tmp = Path.of("");

    private static Set<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static void requireRefusal(Said said, String what) {
        assertEquals(Failures.USER, said.code(), what + said.out() + said.err());
        assertFalse(
                said.err().contains("\tat ") || said.err().contains("Exception")
                        || said.err().contains("a fault in s4j"),
                what + said.err());
        assertTrue(said.err().startsWith("s4: ") && said.err().strip().lines().count() == 1, what + said.err());
    }

    @Test
    void everyOutputThatCannotBeWrittenIsRefusedInOneSentence() throws IOException {
        Path made = Files.createDirectory(tmp.resolve("made"));
        Path file = Files.writeString(tmp.resolve("file"), "mine");
        List<Writers.Driver> drivers = Writers.all(made);
        Set<Path> before = files(tmp);
        for (Writers.Driver driver : drivers) {
            for (Path place : List.of(tmp, file.resolve("x"), Path.of("/sys/s4j"), tmp.resolve("n".repeat(300)))) {
                Said said = Commands.s4(driver.parts(), driver.input().getBytes(StandardCharsets.US_ASCII),
                        new ByteArrayOutputStream(), driver.to(place).toArray(String[]::new));
                String what = driver.option() + " at " + place + ": ";
                requireRefusal(new Said(said.code(), said.out(), said.err().lines().filter(l -> l.startsWith("s4: "))
                        .collect(Collectors.joining("\n")), said.bytes()), what + said.err());
                boolean known = place.equals(tmp) || place.startsWith(file);
                if (known) { // no system has to be asked: before the work
                    assertEquals("", said.text(), what + "nothing is answered");
                }
                assertEquals(before, files(tmp), what);
            }
        }
        assertEquals("mine", Files.readString(file));
    }

    @Test
    void directoriesThatCannotBeMadeAreRefusedInOneSentence() throws IOException {
        Path file = Files.writeString(tmp.resolve("file"), "mine");
        String model = Commands.values(tmp);
        String at = file.resolve("x").toString();
        for (List<String> words : List.of(List.of("serve", model, "--port", "0", "--store", at),
                List.of("serve", model, "--port", "0", "--store", tmp.toString(), "--journal", at),
                List.of("bench", "--only", "nothing-is-run", "--out", at),
                List.of("train", "pipeline=mnist", "run.dir=" + at),
                List.of("sweep", "pipeline=mnist", "optimizer.lr=0.1,0.2", "run.dir=" + at),
                List.of("compare", "pipeline=mnist", "models=s4,s4d", "run.dir=" + at),
                List.of("data", "mnist", "--html", file.resolve("x/y.html").toString()))) {
            Said said = Commands.s4(Writers.FAKES, new byte[0], new ByteArrayOutputStream(),
                    words.toArray(String[]::new));
            requireRefusal(said, words + ": ");
        }
        assertEquals("mine", Files.readString(file));
    }
}
