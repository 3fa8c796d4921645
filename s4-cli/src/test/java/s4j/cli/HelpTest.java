package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What each command says about itself. */
final class HelpTest {
    @TestFactory
    Stream<DynamicTest> eachCommandHelps() {
        return Commands.all().stream()
                .map(c -> DynamicTest.dynamicTest(c.getCommandSpec().qualifiedName(), () -> helps(c)));
    }

    private static void helps(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        // picocli formats each line: a percent sign by itself is a warning between the lines
        lines(spec).forEach(line -> assertDoesNotThrow(() -> String.format(line), line));
        String[] words = (spec.qualifiedName().replaceFirst("^s4 ", "") + " --help").split(" ");
        Commands.Said said = Commands.s4("", words);
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().startsWith("Usage: s4 "), said.out());
        assertEquals("", said.err());
        for (OptionSpec option : spec.options()) {
            assertTrue(option.hidden() || said.out().contains(option.longestName()), option.longestName());
            assertTrue(option.hidden() || option.description().length > 0, option.longestName());
        }
        assertFalse(spec.usageMessage().description().length == 0, "says what it does");
    }

    private static Stream<String> lines(CommandSpec spec) {
        UsageMessageSpec usage = spec.usageMessage();
        Stream<String[]> own = Stream.of(usage.header(), usage.description(), usage.footer());
        Stream<String[]> others = spec.args().stream().map(CommandLine.Model.ArgSpec::description);
        return Stream.concat(own, others).flatMap(Arrays::stream);
    }
}
