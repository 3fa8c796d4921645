package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.kernel.Backend;
import s4j.model.SequenceBatch;

/** What float32 cannot carry is said with its step; nothing goes on from it. */
class NotFiniteTest {
    private static final S4Model MODEL = TinyModels.model(TinyModels.classifier(true, "step"), Backend.best());

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 3.4e38f, -3.4e38f, 2e15f})
    void anInputBeyondFloat32IsRefusedBeforeTheStateMoves(float bad) throws Exception {
        Session session = MODEL.newSession();
        session.step(1, 2);
        byte[] before = session.snapshot();
        float[] chunk = TinyModels.noise(2 * 100, 1);
        chunk[2 * 80 + 1] = bad;
        for (var attempt : List.<Runnable>of(() -> session.step(0, bad), () -> session.chunk(chunk),
                () -> MODEL.step(List.of(session.state()), new float[]{0, bad}, new float[3]))) {
            String message = String.valueOf(assertThrows(IllegalArgumentException.class, attempt::run).getMessage());
            assertTrue(message.matches("step (2|82): input 2 is .*; expected a number of at most 1e\\+15"), message);
            assertArrayEquals(before, session.snapshot());
        }
        var batch = new SequenceBatch(1, 100, 2, chunk, new int[1]);
        assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class, () -> MODEL.forward(batch)).getMessage())
                .startsWith("step 81: input 2"));
    }

    @org.junit.jupiter.api.Test
    void anOutputThatIsNotFiniteEndsTheStream() throws Exception {
        ModelFile file = TinyModels.classifier(true, "step");
        Map<String, TensorData> tensors = new LinkedHashMap<>(file.tensors());
        float[] weights = new float[18];
        java.util.Arrays.fill(weights, 3e38f);
        tensors.put("decoder.0.output_transform.weight", TensorData.of(weights, 3, 6));
        S4Model model = TinyModels.model(new ModelFile(tensors, file.config(), Map.of()), Backend.best());
        float[] x = TinyModels.noise(2 * 400, 2);
        assertThrows(NotFiniteException.class, () -> model.forward(new SequenceBatch(1, 400, 2, x, new int[1])));
        Session session = model.newSession();
        String message = String.valueOf(assertThrows(NotFiniteException.class, () -> session.chunk(x)).getMessage());
        assertTrue(message.matches("step \\d+: output \\d is (NaN|-?Infinity); expected a finite number.*"), message);
        assertThrows(IllegalStateException.class, session::snapshot);
        assertThrows(IllegalStateException.class, () -> session.step(0, 0));
        assertThrows(IllegalStateException.class, () -> session.fork().step(0, 0));
        session.state().reset();
        assertEquals(0, session.state().steps());
        assertTrue(session.snapshot().length > 0);
    }
}
