package s4j.official;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import s4j.io.DType;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.pickle.StoredTensor;

/**
 * Tensors by the names that a PyTorch module gave them. Shapes are known at once, numbers are read when asked for; which
 * names were asked for is remembered, so that nothing is left out unnoticed.
 */
final class StateDict {
    private final String place;
    private final Numbers numbers;
    private final TreeMap<String, @Nullable Object> entries;
    private final NavigableSet<String> used = new TreeSet<>();

    /** Reads a stored tensor's numbers. */
    interface Numbers {
        TensorData read(StoredTensor tensor) throws IOException;
    }

    /**
     * The entries of one dictionary: stored tensors, or their numbers.
     *
     * @param place where it was found, for messages
     */
    StateDict(String place, Numbers numbers, Map<String, @Nullable Object> entries) {
        this.place = place;
        this.numbers = numbers;
        this.entries = new TreeMap<>(entries);
    }

    /** Where it was found. */
    String place() { return place; }

    /** All names, sorted. */
    NavigableSet<String> names() {
        return Collections.unmodifiableNavigableSet(entries.navigableKeySet());
    }

    boolean has(String name) { return entries.containsKey(name); }

    /** Whether a name begins like this. */
    boolean hasBelow(String prefix) {
        String next = entries.ceilingKey(prefix);
        return next != null && next.startsWith(prefix);
    }

    /** Sizes; complex tensors have a last axis of 2. */
    long[] shape(String name) throws MalformedFileException {
        if (entries.get(name) instanceof TensorData data) {
            requireSizes(name, data.shape());
            return data.shape();
        }
        StoredTensor tensor = tensor(name);
        long[] shape = tensor.shape().clone();
        if (tensor.storage().type().complex()) {
            shape = java.util.Arrays.copyOf(shape, shape.length + 1);
            shape[shape.length - 1] = 2;
        }
        return shape;
    }

    TensorData read(String name) throws IOException {
        TensorData data = entries.get(name) instanceof TensorData known ? known : numbers.read(tensor(name));
        requireSizes(name, data.shape());
        used.add(name);
        if (data.dtype().floating()) {
            checkFinite(name, data);
        }
        return data;
    }

    /** Something that is known to be of no use. */
    void ignore(String name) { used.add(name); }

    /** Names that nobody asked for. */
    NavigableSet<String> unused() {
        NavigableSet<String> rest = new TreeSet<>(entries.keySet());
        rest.removeAll(used);
        return rest;
    }

    private StoredTensor tensor(String name) throws MalformedFileException {
        Object value = entries.get(name);
        if (value instanceof StoredTensor tensor) {
            requireSizes(name, tensor.shape());
            return tensor;
        }
        if (!entries.containsKey(name)) {
            throw new MalformedFileException(place + ": no tensor " + name + "; its layout needs it");
        }
        throw new MalformedFileException(place + ": " + name + " is " + describe(value)
                + "; expected a tensor. Nothing of a checkpoint is run: save the plain state_dict()");
    }

    private void requireSizes(String name, long[] shape) throws MalformedFileException {
        for (long size : shape) {
            if (size < 1 || size > Integer.MAX_VALUE) {
                throw new MalformedFileException(place + ": " + name + " has shape "
                        + java.util.Arrays.toString(shape) + "; expected sizes of at least 1");
            }
        }
    }

    private static String describe(@Nullable Object value) {
        return switch (value) {
            case null -> "None";
            case s4j.pickle.Placeholder p -> p.toString();
            default -> "a " + value.getClass().getSimpleName();
        };
    }

    private void checkFinite(String name, TensorData data) throws MalformedFileException {
        for (long i = 0; i < data.size(); i++) {
            if (!Double.isFinite(data.get(i))) {
                throw new MalformedFileException(place + ": " + name + " has " + data.get(i) + " at element " + i
                        + "; expected finite numbers. The training that wrote it has diverged");
            }
        }
    }

    /** Tensors of a model file are float32 or whole numbers. */
    static TensorData float32(TensorData data) {
        return data.dtype().floating() && data.dtype() != DType.F32
                ? TensorData.of(data.toFloats(), data.shape())
                : data;
    }
}
