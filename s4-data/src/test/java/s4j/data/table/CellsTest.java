package s4j.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers as people write them. */
final class CellsTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "?", "nan", "NaN", "NAN", "na", "N/A", "null", "NULL"})
    void theseWordsAreMissingValues(String cell) {
        assertTrue(Cells.missing(cell));
        assertNull(Cells.number(cell, false), "and no numbers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-", "none", "nil", " ", "nulls", ".", "??"})
    void theseWordsAreNot(String cell) { assertEquals(false, Cells.missing(cell)); }

    /** What Java prints of any double is that double again, and so with a comma for the point. */
    @Test
    void everyDoubleIsReadAsItIsPrinted() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 5000; i++) {
            double v = i % 2 == 0 ? Double.longBitsToDouble(random.nextLong()) : random.nextInt(1000) / 8.0;
            if (Double.isFinite(v)) {
                String text = Double.toString(v);
                assertEquals(v, Cells.number(text, false), text);
                assertEquals(v, Cells.number(text, true), text);
                assertEquals(v, Cells.number(text.replace('.', ','), true), text);
                assertNull(Cells.number(text.replace('.', ','), false), text);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"inf | Infinity", "+INF | Infinity", "Infinity | Infinity", "-inf | -Infinity",
            "-INFINITY | -Infinity", "1e400 | Infinity"})
    void infinitiesHaveTheirSpellings(String cell, double value) { assertEquals(value, Cells.number(cell, false)); }

    @ParameterizedTest
    @ValueSource(strings = {"1,2,3", "1.000,5", ",", "1,5.0", "e", "1e", "+", "-.", "..", "1-2", "½", "١", "infinit"})
    void whatIsAmbiguousIsNoNumber(String cell) {
        assertNull(Cells.number(cell, false), cell);
        assertNull(Cells.number(cell, true), cell);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1,5 | true", "-12,25 | true", "1,234.5 | true", "12,345,678 | true",
            "1.5 | false", "1,2,3 | false", "a,b | false", ", | false", "12,34,56 | false"})
    void commasInNumbersAreKnownForTheAdvice(String cell, boolean commas) { assertEquals(commas, Cells.commas(cell)); }
}
