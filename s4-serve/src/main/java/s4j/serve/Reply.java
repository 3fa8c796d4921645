package s4j.serve;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;
import s4j.io.Shown;

/**
 * The answer to an infer request: the outputs it asks for, or all; each as JSON, or binary behind the JSON where it asks for that
 * ({@code binary_data} of an output, {@code binary_data_output} of all).
 *
 * @param json its JSON
 * @param binary the bytes behind it, little-endian; texts have their length in front
 */
record Reply(byte[] json, byte[] binary) {
    /** One tensor: {@code values} is a {@code double[][]}, or a list of texts. */
    record Output(String name, String type, List<Integer> shape, Object values) {
        /** Numbers, row by row. */
        static Output of(String name, String type, List<Integer> shape, double[][] rows) {
            return new Output(name, type, shape, rows);
        }

        /** As JSON has them. */
        List<?> listed() {
            if (values instanceof List<?> texts) {
                return texts;
            }
            List<Object> data = new ArrayList<>();
            for (double[] row : (double[][]) values) {
                for (double v : row) {
                    data.add(type.equals("FP32") ? (Object) Double.parseDouble(Float.toString((float) v)) : (Object) v);
                }
            }
            return data;
        }

        private byte[] bytes() {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (values instanceof List<?> texts) {
                for (Object text : texts) {
                    byte[] utf8 = String.valueOf(text).getBytes(StandardCharsets.UTF_8);
                    out.writeBytes(little(Integer.BYTES).putInt(utf8.length).array());
                    out.writeBytes(utf8);
                }
                return out.toByteArray();
            }
            for (double[] row : (double[][]) values) {
                for (double v : row) {
                    out.writeBytes(type.equals("FP32")
                            ? little(Float.BYTES).putFloat((float) v).array()
                            : little(Double.BYTES).putDouble(v).array());
                }
            }
            return out.toByteArray();
        }

        private static ByteBuffer little(int bytes) {
            return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /**
     * Of what is asked for.
     *
     * @param request its JSON
     * @param head what stands before the outputs
     * @param all the model's outputs
     */
    static Reply of(Map<?, ?> request, Map<String, @Nullable Object> head, List<Output> all) {
        boolean every = flag(request.get("parameters"), "binary_data_output", false);
        ByteArrayOutputStream binary = new ByteArrayOutputStream();
        List<Object> outputs = new ArrayList<>();
        if (request.get("outputs") instanceof List<?> asked && !asked.isEmpty()) {
            for (Object one : asked) {
                Map<?, ?> wanted = one instanceof Map<?, ?> m ? m : Map.of();
                outputs.add(output(named(all, wanted.get("name")),
                        flag(wanted.get("parameters"), "binary_data", every), binary));
            }
        } else {
            all.forEach(o -> outputs.add(output(o, every, binary)));
        }
        Map<String, @Nullable Object> out = new LinkedHashMap<>(head);
        out.put("outputs", outputs);
        return new Reply(Json.print(out).getBytes(StandardCharsets.UTF_8), binary.toByteArray());
    }

    private static Output named(List<Output> all, @Nullable Object name) {
        return all.stream().filter(o -> o.name.equals(name)).findFirst()
                .orElseThrow(() -> Problem.badRequest("output %s; expected one of %s".formatted(
                        Shown.text(String.valueOf(name)), String.join(", ", all.stream().map(Output::name).toList()))));
    }

    private static boolean flag(@Nullable Object parameters, String key, boolean other) {
        return (parameters instanceof Map<?, ?> p && p.get(key) instanceof Boolean b) ? b : other;
    }

    private static Map<String, Object> output(Output o, boolean asBytes, ByteArrayOutputStream binary) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("name", o.name);
        out.put("datatype", o.type);
        out.put("shape", o.shape);
        if (asBytes) {
            byte[] bytes = o.bytes();
            out.put("parameters", Map.of("binary_data_size", bytes.length));
            binary.writeBytes(bytes);
        } else {
            out.put("data", o.listed());
        }
        return out;
    }
}
