package s4j.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A graph of ONNX while it is built: inputs, constants, operations, outputs. Its file is a {@code ModelProto} of IR version 8,
 * operator set 17, which ONNX Runtime has read since 1.12.
 */
public final class OnnxGraph {
    private static final int IR = 8;
    private static final int OPSET = 17;
    private static final int FLOAT = 1;
    private static final int INT64 = 7;
    private static final int ATTRIBUTE_FLOAT = 1;
    private static final int ATTRIBUTE_INT = 2;
    private static final int ATTRIBUTE_INTS = 7;

    private final String name;
    private final List<ProtoMessage> nodes = new ArrayList<>();
    private final List<ProtoMessage> constants = new ArrayList<>();
    private final List<ProtoMessage> inputs = new ArrayList<>();
    private final List<ProtoMessage> outputs = new ArrayList<>();

    /** An empty graph. */
    public OnnxGraph(String name) { this.name = name; }

    /** An input of float32; sizes are numbers or names of what varies. */
    public String input(String input, Object... shape) {
        inputs.add(value(input, FLOAT, shape));
        return input;
    }

    /** An input of whole numbers. */
    public String wholeInput(String input, Object... shape) {
        inputs.add(value(input, INT64, shape));
        return input;
    }

    /** Gives a tensor the name of an output. */
    public void output(String output, String of, Object... shape) {
        add("Identity", List.of(of), List.of(output), Map.of());
        outputs.add(value(output, FLOAT, shape));
    }

    private static ProtoMessage value(String name, int type, Object... shape) {
        ProtoMessage dims = new ProtoMessage();
        for (Object size : shape) {
            dims.message(1, size instanceof Number n
                    ? new ProtoMessage().whole(1, n.longValue())
                    : new ProtoMessage().text(2, String.valueOf(size)));
        }
        ProtoMessage tensor = new ProtoMessage().whole(1, type).message(2, dims);
        return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
    }

    /** A constant of float32. */
    public String constant(float[] values, long... shape) {
        ByteBuffer raw = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return constant(FLOAT, raw.array(), shape);
    }

    /** A constant of whole numbers, a vector. */
    public String wholes(long... values) {
        ByteBuffer raw = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asLongBuffer().put(values);
        return constant(INT64, raw.array(), values.length);
    }

    private String constant(int type, byte[] raw, long... shape) {
        String own = "c" + constants.size();
        ProtoMessage tensor = new ProtoMessage();
        for (long size : shape) {
            tensor.whole(1, size);
        }
        constants.add(tensor.whole(2, type).text(8, own).bytes(9, raw));
        return own;
    }

    /** An operation; the name of what it gives. */
    public String node(String operation, String... of) {
        return node(operation, Map.of(), of);
    }

    /** The same with attributes: Long, Float or long[]. */
    public String node(String operation, Map<String, Object> attributes, String... of) {
        return nodes(operation, 1, attributes, of).getFirst();
    }

    /** The same with several results. */
    public List<String> nodes(String operation, int results, Map<String, Object> attributes, String... of) {
        List<String> given = new ArrayList<>();
        for (int i = 0; i < results; i++) {
            given.add("t" + nodes.size() + (results == 1 ? "" : "_" + i));
        }
        add(operation, List.of(of), given, attributes);
        return given;
    }

    private void add(String operation, List<String> of, List<String> given, Map<String, Object> attributes) {
        ProtoMessage node = new ProtoMessage();
        of.forEach(i -> node.text(1, i));
        given.forEach(o -> node.text(2, o));
        node.text(3, operation + "_" + nodes.size()).text(4, operation);
        attributes.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(a -> node.message(5, attribute(a.getKey(), a.getValue())));
        nodes.add(node);
    }

    private static ProtoMessage attribute(String key, Object value) {
        ProtoMessage a = new ProtoMessage().text(1, key);
        switch (value) {
            case Float f -> a.float32(2, f).whole(20, ATTRIBUTE_FLOAT);
            case Long i -> a.whole(3, i).whole(20, ATTRIBUTE_INT);
            case long[] all -> {
                for (long i : all) {
                    a.whole(8, i);
                }
                a.whole(20, ATTRIBUTE_INTS);
            }
            default -> throw new IllegalArgumentException("attribute " + key + " of " + value.getClass());
        }
        return a;
    }

    /**
     * The file.
     *
     * @param metadata texts for whoever reads it
     */
    public byte[] model(Map<String, String> metadata) {
        ProtoMessage graph = new ProtoMessage();
        nodes.forEach(n -> graph.message(1, n));
        graph.text(2, name);
        constants.forEach(c -> graph.message(5, c));
        inputs.forEach(i -> graph.message(11, i));
        outputs.forEach(o -> graph.message(12, o));
        ProtoMessage model = new ProtoMessage().whole(1, IR).text(2, "s4j").text(3, Version.current()).message(7, graph)
                .message(8, new ProtoMessage().text(1, "").whole(2, OPSET));
        metadata.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(m -> model.message(14, new ProtoMessage().text(1, m.getKey()).text(2, m.getValue())));
        return model.content();
    }
}
