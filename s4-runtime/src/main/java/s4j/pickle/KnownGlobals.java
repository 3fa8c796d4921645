package s4j.pickle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/**
 * The only names of a pickle that mean something: functions that rebuild tensors, ordered dictionaries, {@code
 * torch.Size}. A call of anything else makes a {@link Placeholder}.
 *
 * @param storages told of each storage
 * @param tensors by key, where persistent ids are such keys
 */
record KnownGlobals(PickleInput in, PickleMachine.Storages storages, Map<String, Object> tensors) {
    static final Global DICTIONARY = new Global("collections", "OrderedDict");
    private static final Global SIZE = new Global("torch", "Size");
    private static final Global TENSOR = new Global("torch._utils", "_rebuild_tensor_v2");
    private static final Global OLD_TENSOR = new Global("torch._utils", "_rebuild_tensor");
    private static final Global PARAMETER = new Global("torch._utils", "_rebuild_parameter");
    private static final Global PARAMETER_WITH_STATE = new Global("torch._utils", "_rebuild_parameter_with_state");
    private static final Global OF_TYPE = new Global("torch._tensor", "_rebuild_from_type_v2");

    /** The value of a call. */
    Object call(Global function, List<?> arguments) throws MalformedFileException {
        if (function.equals(OF_TYPE) && arguments.size() >= 3 && arguments.get(0) instanceof Global inner
                && !inner.equals(OF_TYPE) && arguments.get(2) instanceof List<?> innerArguments) {
            return call(inner, innerArguments); // a subclass of tensor: its numbers are those of the tensor
        }
        if (function.equals(DICTIONARY)) {
            return dictionary(arguments);
        }
        if (function.equals(SIZE) && arguments.size() == 1 && arguments.getFirst() instanceof List<?> sizes) {
            return sizes;
        }
        if (function.equals(TENSOR) || function.equals(OLD_TENSOR)) {
            return tensor(arguments);
        }
        if (function.equals(PARAMETER) || function.equals(PARAMETER_WITH_STATE)) {
            if (arguments.isEmpty() || arguments.getFirst() == null) {
                throw in.malformed("a parameter without its tensor");
            }
            return arguments.getFirst();
        }
        return new Placeholder(function, arguments);
    }

    /** Since Python 3 an ordered dictionary is made empty and filled afterwards, before that from a list of pairs. */
    private Object dictionary(List<?> arguments) throws MalformedFileException {
        if (!arguments.isEmpty() && !(arguments.size() == 1 && arguments.getFirst() instanceof List<?>)) {
            throw in.malformed("an ordered dictionary that is made of what is no list");
        }
        Map<Object, @Nullable Object> made = new LinkedHashMap<>();
        if (arguments.size() == 1 && arguments.getFirst() instanceof List<?> pairs && !pairs.isEmpty()) {
            for (Object pair : pairs) { // as Python 2 wrote it
                if (!(pair instanceof List<?> two) || two.size() != 2 || !(two.get(0) instanceof String key)) {
                    throw in.malformed("an ordered dictionary whose entries are no pairs of a name and a value");
                }
                made.put(key, two.get(1));
            }
            return made;
        }
        return made;
    }

    private StoredTensor tensor(List<?> a) throws MalformedFileException {
        if (a.size() < 4 || !(a.get(0) instanceof Storage storage) || !(a.get(1) instanceof Long offset)
                || !(a.get(2) instanceof List<?> sizes) || !(a.get(3) instanceof List<?> strides)) {
            throw in.malformed("a tensor without storage, offset, sizes and strides");
        }
        try {
            return new StoredTensor(storage, offset, longs(sizes), longs(strides));
        } catch (IllegalArgumentException e) {
            throw in.malformed(String.valueOf(e.getMessage()));
        }
    }

    private long[] longs(List<?> values) throws MalformedFileException {
        if (values.size() > StoredTensor.MAX_AXES) {
            throw in.malformed("a tensor of " + values.size() + " axes; expected at most " + StoredTensor.MAX_AXES);
        }
        long[] out = new long[values.size()];
        for (int i = 0; i < out.length; i++) {
            if (!(values.get(i) instanceof Long v)) {
                throw in.malformed("a tensor's size or stride that is no whole number");
            }
            out[i] = v;
        }
        return out;
    }

    /** A storage from its persistent id {@code ('storage', type, key, location, elements)}; others are placeholders. */
    Object persistent(@Nullable Object id) throws MalformedFileException {
        if (!tensors.isEmpty() && (id instanceof String || id instanceof Long)) {
            Object tensor = tensors.get(id.toString());
            if (tensor == null) {
                throw in.malformed("a tensor " + Texts.shortened(id.toString()) + " that is not in the file");
            }
            return tensor;
        }
        if (id instanceof List<?> module && module.size() >= 2 && "module".equals(module.getFirst())
                && module.get(1) != null) {
            return module.get(1); // the class of a whole module with its source text, which is not read
        }
        if (!(id instanceof List<?> parts) || parts.size() < 5 || !"storage".equals(parts.get(0))
                || !(parts.get(1) instanceof Global type)) {
            throw in.malformed("a persistent id that is no storage");
        }
        if (parts.size() > 5 && parts.get(5) != null) {
            throw in.malformed("a view of a storage, which is not read; save plain tensors");
        }
        if (!(parts.get(2) instanceof String key) || !(parts.get(4) instanceof Long elements) || elements < 0) {
            throw in.malformed("a storage without key and number of elements");
        }
        ElementType known = ElementType.named(type);
        return known == null ? new Placeholder(type, parts) : storages.named(new Storage(known, key, elements));
    }
}
