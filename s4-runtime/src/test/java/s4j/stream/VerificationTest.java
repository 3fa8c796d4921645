package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.io.ModelFile;
import s4j.kernel.Backend;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;

/** What s4 verify finds. */
class VerificationTest {
    private static final int LENGTH = 96;

    @Test
    void verificationPassesSoundModelsAndFailsAnImpossibleTolerance() throws Exception {
        for (ModelFile file : List.of(TinyModels.sashimi(false), TinyModels.classifier(true, "pool"))) {
            var sound = Verification.of(file, "tiny", new Verification.Options(3000, 96, 1, 1e-5), line -> {});
            assertTrue(sound.passed(), sound::toString);
            assertEquals(3000, sound.drifts().getLast().steps());
            assertTrue(!Verification.of(file, "tiny", new Verification.Options(3000, 96, 1, 1e-12), line -> {})
                    .passed());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachDirectionsKernelEqualsItsRecurrence(boolean diagonal) throws Exception {
        ModelFile file = TinyModels.bidirectional(diagonal);
        for (S4Block block : TinyModels.model(file, Backend.best()).body().s4Layers()) {
            SsmLayer layer = block.ssm();
            SsmForms forms = Objects.requireNonNull(layer.forms());
            assertEquals(2, layer.kernels(), "one kernel for each direction");
            float[] k = forms.kernel(LENGTH);
            for (int f = 0; f < layer.features(); f++) {
                double[][] expected = forms.recurrence(f).krylov(LENGTH);
                for (int direction = 0; direction < 2; direction++) {
                    int at = (direction * layer.features() + f) * LENGTH;
                    double[] actual = new double[LENGTH];
                    Arrays.setAll(actual, t -> k[at + t]);
                    Comparison.requireClose("feature " + f + ", direction " + direction, 3, actual,
                            expected[direction], Tolerances.RUNTIME);
                }
                assertTrue(Comparison.relativeError(expected[0], expected[1]) > 0.1, "they are two kernels");
            }
        }
        var report = Verification.of(file, "two-sided", new Verification.Options(3000, LENGTH, 1, 1e-5), line -> {});
        assertTrue(report.passed() && report.layers().size() == 2, report::toString);
        assertTrue(Double.isNaN(report.chunks()) && report.drifts().isEmpty(), report::toString);
        assertTrue(report.note().startsWith("no states: ") && report.note().contains("bidirectional"),
                report::toString);
    }
}
