package s4j.serve;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.io.Shown;

/** Values of steps in JSON: a number, a list of numbers, or a list of lists. */
final class Values {
    static float[] of(@Nullable Object json) {
        if (json instanceof Number n) {
            return new float[]{n.floatValue()};
        }
        if (!(json instanceof List<?> list) || list.isEmpty()) {
            throw Problem.badRequest("values: expected numbers, e.g. [[0.1, 0.2], [0.3, 0.4]]");
        }
        int width = list.getFirst() instanceof List<?> row ? row.size() : 1;
        float[] out = new float[Math.multiplyExact(list.size(), width)];
        for (int i = 0; i < list.size(); i++) {
            Object row = list.get(i);
            List<?> values = row instanceof List<?> l ? l : List.of(row);
            if (values.size() != width) {
                throw Problem.badRequest(
                        "values: step %d has %d of them; expected %d as the first".formatted(i + 1, values.size(),
                                width));
            }
            for (int j = 0; j < width; j++) {
                if (!(values.get(j) instanceof Number n)) {
                    throw Problem.badRequest("values: %s in step %d; expected a number".formatted(
                            Shown.text(String.valueOf(values.get(j))), i + 1));
                }
                out[i * width + j] = n.floatValue();
            }
        }
        return out;
    }

    /** As JSON has them. */
    static List<List<Double>> list(double[][] rows) {
        return Arrays.stream(rows).map(row -> Arrays.stream(row).boxed().toList()).toList();
    }

    private Values() {}
}
