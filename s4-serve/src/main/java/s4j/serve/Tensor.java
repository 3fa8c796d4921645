package s4j.serve;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.Shown;

/**
 * A tensor of a request, of any numeric datatype of the protocol, read as float32.
 *
 * @param name its name
 * @param shape sizes
 * @param values row-major
 */
record Tensor(String name, int[] shape, float[] values) {
    private static final int MOST_DIMENSIONS = 8;
    private static final Map<String, Integer> BYTES = Map.of("FP32", 4, "FP64", 8, "INT8", 1, "INT16", 2, "INT32", 4,
            "INT64",
            8, "UINT8", 1, "UINT16", 2, "BOOL", 1);

    /** From its JSON and, where that says {@code binary_data_size}, the bytes behind it. */
    static Tensor of(Map<?, ?> json, ByteBuffer binary) {
        String name = text(json, "name");
        String type = text(json, "datatype");
        Integer size = BYTES.get(type);
        if (size == null) {
            throw Problem.badRequest(
                    "input %s: datatype %s; expected one of %s".formatted(Shown.text(name), Shown.text(type),
                            String.join(", ", BYTES.keySet().stream().sorted().toList())));
        }
        int[] shape = shape(name, json.get("shape"));
        long n = 1;
        for (int s : shape) {
            n *= s;
            if (n > Integer.MAX_VALUE / 8) {
                throw Problem.tooLarge(
                        "input " + Shown.text(name) + ": shape of more than " + Integer.MAX_VALUE / 8 + " values");
            }
        }
        Object bytes = json.get("parameters") instanceof Map<?, ?> p ? p.get("binary_data_size") : null;
        float[] values = bytes == null
                ? listed(name, json.get("data"), (int) n)
                : binary(name, type, size, bytes, (int) n, binary);
        return new Tensor(name, shape, values);
    }

    private static String text(Map<?, ?> json, String key) {
        if (json.get(key) instanceof String s) {
            return s;
        }
        throw Problem.badRequest("an input without " + key + "; expected name, shape, datatype and data");
    }

    private static int[] shape(String name, @Nullable Object json) {
        if (!(json instanceof List<?> list) || list.isEmpty() || list.size() > MOST_DIMENSIONS) {
            throw Problem.badRequest("input " + Shown.text(name) + ": shape " + Shown.text(String.valueOf(json))
                    + "; expected 1 to " + MOST_DIMENSIONS + " sizes");
        }
        int[] shape = new int[list.size()];
        for (int i = 0; i < shape.length; i++) {
            if (!(list.get(i) instanceof Long size) || size < 0 || size > Integer.MAX_VALUE) {
                throw Problem
                        .badRequest("input " + Shown.text(name) + ": size " + Shown.text(String.valueOf(list.get(i)))
                                + " in its shape; expected whole numbers from 0");
            }
            shape[i] = size.intValue();
        }
        return shape;
    }

    private static float[] listed(String name, @Nullable Object data, int n) {
        float[] out = new float[n];
        int filled = data instanceof List<?> list ? fill(name, list, out, 0, 0) : -1;
        if (filled != n) {
            throw Problem
                    .badRequest("input %s: data of %s values; expected the %,d of its shape".formatted(Shown.text(name),
                            filled < 0 ? "no" : "%,d".formatted(filled), n));
        }
        return out;
    }

    /** Flat or nested lists. */
    private static int fill(String name, List<?> list, float[] out, int at, int depth) {
        if (depth > MOST_DIMENSIONS) {
            throw Problem.badRequest("input " + Shown.text(name) + ": data nested deeper than " + MOST_DIMENSIONS);
        }
        int next = at;
        boolean lists = !list.isEmpty() && list.getFirst() instanceof List<?>;
        for (Object v : list) {
            if (v instanceof List<?> != lists) {
                throw Problem.badRequest(
                        "input " + Shown.text(name) + ": numbers beside lists in its data; expected one of them");
            }
            if (v instanceof List<?> inner) {
                next = fill(name, inner, out, next, depth + 1);
            } else {
                if (next >= out.length) {
                    throw Problem.badRequest("input %s: more data than the %,d values of its shape".formatted(
                            Shown.text(name), out.length));
                }
                out[next++] = number(name, v);
            }
        }
        return next;
    }

    private static float number(String name, @Nullable Object v) {
        return switch (v) {
            case Number n -> n.floatValue();
            case Boolean b -> b ? 1 : 0;
            case null, default -> throw Problem
                    .badRequest("input " + Shown.text(name) + ": " + Shown.text(String.valueOf(v))
                            + " in its data; expected numbers");
        };
    }

    private static float[] binary(String name, String type, int size, Object bytes, int n, ByteBuffer from) {
        if (!(bytes instanceof Long length) || length != (long) n * size || length > from.remaining()) {
            throw Problem.badRequest(
                    "input %s: binary_data_size %s, %,d bytes there; expected %,d for %,d values of %s".formatted(
                            Shown.text(name), bytes, from.remaining(), (long) n * size, n, type));
        }
        ByteBuffer in = from.slice(from.position(), length.intValue()).order(ByteOrder.LITTLE_ENDIAN);
        from.position(from.position() + length.intValue());
        float[] out = new float[n];
        for (int i = 0; i < n; i++) {
            out[i] = switch (type) {
                case "FP32" -> in.getFloat();
                case "FP64" -> (float) in.getDouble();
                case "INT64" -> in.getLong();
                case "INT32" -> in.getInt();
                case "INT16" -> in.getShort();
                case "UINT16" -> Short.toUnsignedInt(in.getShort());
                case "UINT8", "BOOL" -> Byte.toUnsignedInt(in.get());
                default -> in.get();
            };
        }
        return out;
    }
}
