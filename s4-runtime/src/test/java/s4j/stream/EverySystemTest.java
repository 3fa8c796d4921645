package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.io.ModelFile;
import s4j.kernel.Backend;
import s4j.kernel.matrix.PackedMatrix.Precision;
import s4j.model.SequenceBatch;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;

/** Over all systems that can be stored, from those that never forget to those that forget at once, the forms agree. */
class EverySystemTest {
    private static final int LENGTH = AnySystem.LENGTH;
    private static final int DRAWS = Integer.getInteger("s4j.draws", 60);

    private static List<Backend> backends() { return List.of(Backend.SCALAR, Backend.best()); }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void convolutionChunksAndStepsAgreeAndAreFinite(Precision precision) throws Exception {
        for (long seed = 0; seed < DRAWS; seed++) {
            ModelFile file = Quantization.of(AnySystem.diagonal(seed % 2 == 0 ? "zoh" : "bilinear", seed), precision);
            float[] x = TinyModels.noise(LENGTH, seed);
            S4Model exact = S4Model.reference(NetworkParts.network(file, "exact"), file.tensors(),
                    new ModelOptions(Backend.SCALAR, 1, 1));
            float[] expected = exact.forwardChunk(exact.newState(), x);
            for (Backend backend : backends()) {
                S4Model model = TinyModels.model(file, backend);
                String name = precision + " " + backend + ", ";
                Comparison.requireClose(name + "convolution", seed,
                        model.forward(new SequenceBatch(1, LENGTH, 1, x, new int[1])), expected,
                        Tolerances.EVERY_SYSTEM);
                Comparison.requireClose(name + "chunks", seed, chunked(model, x), expected, Tolerances.EVERY_SYSTEM);
                Comparison.requireClose(name + "steps", seed, stepped(model, x), expected, Tolerances.EVERY_SYSTEM);
            }
        }
    }

    /** Nearly every draw has a mode for which the layer steps in float64, unless dt is held down. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lowRankNetworksAgreeInAllFormsToo(boolean single) throws Exception {
        for (long seed = 0; seed < DRAWS; seed++) {
            ModelFile file = single ? AnySystem.lowRank(seed, LowRankForms.STIFF / 10) : AnySystem.lowRank(seed);
            if (single) {
                LowRankForms layer = (LowRankForms) AnySystem.forms(file, Machine.of(Backend.SCALAR, 1));
                assertFalse(layer.stiff(), "seed " + seed);
            }
            float[] x = TinyModels.noise(LENGTH, seed);
            S4Model exact = S4Model.reference(NetworkParts.network(file, "exact"), file.tensors(),
                    new ModelOptions(Backend.SCALAR, 1, 1));
            float[] expected = exact.forwardChunk(exact.newState(), x);
            for (Backend backend : backends()) {
                S4Model model = TinyModels.model(file, backend);
                Comparison.requireClose(backend + " convolution", seed,
                        model.forward(new SequenceBatch(1, LENGTH, 1, x, new int[1])), expected,
                        Tolerances.EVERY_SYSTEM_LOW_RANK);
                Comparison.requireClose(backend + " chunks", seed, chunked(model, x), expected,
                        Tolerances.EVERY_SYSTEM_LOW_RANK);
                Comparison.requireClose(backend + " steps", seed, stepped(model, x), expected,
                        Tolerances.EVERY_SYSTEM_LOW_RANK);
            }
        }
    }

    private static float[] chunked(S4Model model, float[] x) {
        StreamState state = model.newState();
        List<float[]> all = new ArrayList<>();
        for (int at = 0, size = 1; at < x.length; at += size, size += 13) {
            size = Math.min(size, x.length - at);
            all.add(model.forwardChunk(state, Arrays.copyOfRange(x, at, at + size)));
        }
        return joined(all);
    }

    private static float[] stepped(S4Model model, float[] x) {
        Session session = model.newSession();
        List<float[]> all = new ArrayList<>();
        for (float value : x) {
            all.add(session.step(value).clone());
        }
        return joined(all);
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(p -> p.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @Test
    void depthIsAllowedItsOwnRoundings() throws Exception {
        assertTrue(Verification.tolerance(1e-5, 4) == 1e-5 && Verification.tolerance(1e-5, 1) == 1e-5);
        assertTrue(Verification.tolerance(1e-5, 64) == 4e-5);
    }
}
