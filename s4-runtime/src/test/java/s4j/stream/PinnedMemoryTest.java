package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PinnedMemoryTest {
    @ParameterizedTest
    @CsvSource({"25, G1 Young Generation, true", "25.0.2, G1 Old Generation, true", "25.0.3, G1 Old Generation, false",
            "25.0.2, PS Scavenge, false", "26, G1 Young Generation, false", "24.0.1, G1 Young Generation, false"})
    void theDefectOfG1BeforeItsMendingIsTold(String java, String collector, boolean told) {
        String warning = PinnedMemory.warning(Runtime.Version.parse(java), List.of("Other", collector));
        assertEquals(told, warning != null);
        assertTrue(warning == null || warning.contains("Java " + java + " with the G1 collector"), warning);
    }
}
