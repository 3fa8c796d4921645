package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Numbers of a stream, read in one pass. */
class DecimalTest {
    private static final Pattern WRITTEN = Pattern
            .compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");

    @Test
    void onePassReadsWhatTheGrammarSays() {
        SplittableRandom random = new SplittableRandom(5);
        String letters = "0019..eE+-x ";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(9); n > 0; n--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            assertEquals(WRITTEN.matcher(text).matches(), StepPipe.decimal(text.toString()), text.toString());
        }
    }

    @Test
    void aLongLineIsReadOnce() {
        String digits = "1".repeat(5_000_000);
        assertTrue(StepPipe.decimal(digits) && StepPipe.decimal(digits + "." + digits));
        assertFalse(StepPipe.decimal(digits + "x") || StepPipe.decimal(digits + "." + digits + "e"));
    }
}
