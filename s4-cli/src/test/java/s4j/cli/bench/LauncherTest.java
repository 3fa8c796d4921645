package s4j.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the launcher sets for libtorch and glibc stands wherever s4j's own process is started: tests and benchmarks measure what users run. */
final class LauncherTest {
    private static final Path ROOT = Path.of("..");

    /** NAME=VALUE, NAME="${NAME:-VALUE}" and &lt;NAME&gt;VALUE&lt;/NAME&gt;. */
    private static Map<String, String> settings(String file, String name, String value) throws IOException {
        Pattern pattern = Pattern.compile(name.formatted("((?:OMP|GOMP|MALLOC)_[A-Z_]+)") + value);
        return pattern.matcher(Files.readString(ROOT.resolve(file))).results()
                .collect(Collectors.toMap(m -> m.group(1), m -> m.group(2), (a, b) -> {
                    assertEquals(a, b, file);
                    return a;
                }, TreeMap::new));
    }

    @Test
    void theLauncherTheTestsAndTheBenchmarksSetTheSame() throws IOException {
        Map<String, String> expected = new TreeMap<>(Contenders.LAUNCHER);
        assertEquals(5, expected.size());
        assertEquals(expected, settings("s4", "%s=", "(?:\"\\$\\{[A-Z_]+:-)?([a-z0-9]+)"), "s4");
        assertEquals(expected, settings("pom.xml", "<%s>", "([^<]+)</"), "pom.xml");
        assertEquals(expected, settings("docs/installing.md", "%s=", "([a-z0-9]+)"), "docs/installing.md");
    }

    /** The tests themselves run with them. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "they are settings of glibc and libgomp")
    void theyAreInForceHere() {
        Contenders.LAUNCHER.forEach((name, value) -> assertEquals(value, System.getenv(name), name));
    }

    /** Windows' launcher starts the same JVM. */
    @Test
    void bothLaunchersGiveTheJvmTheSameFlags() throws IOException {
        List<String> expected = flags("s4");
        assertTrue(expected.contains("-XX:ObjectAlignmentInBytes=64"), expected.toString());
        assertEquals(expected, flags("s4.cmd"));
    }

    private static List<String> flags(String file) throws IOException {
        return Pattern.compile("-XX:[^ \"]+").matcher(Files.readString(ROOT.resolve(file))).results()
                .map(MatchResult::group).toList();
    }
}
