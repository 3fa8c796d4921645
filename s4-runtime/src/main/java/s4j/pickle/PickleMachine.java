package s4j.pickle;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/**
 * Pickle's stack machine, protocols 2 to 5, over plain values: String, Long, BigInteger, Double, Boolean, null, {@code
 * byte[]}, {@code List} (also for tuples and sets), {@code Map}, {@link StoredTensor}, {@link Global} and {@link
 * Placeholder}. Nothing is ever loaded or called by name.
 *
 * <p>What a program can make is bounded: its operations are counted, each makes at most one value from operands that it
 * takes from the stack or the file, and a value may stand in several places but is never copied.
 *
 * <p>Source: Python's {@code Lib/pickletools.py}, which describes every operation.
 */
final class PickleMachine {
    /** Operations in one pickle; a checkpoint of ten thousand tensors has a quarter of a million. */
    static final int MAX_OPERATIONS = 2_000_000;

    private static final int NEWEST = 5;
    /** Bytes of a whole number; random states have some hundred. */
    private static final int LONGEST_NUMBER = 1024;

    private final PickleInput in;
    private final PickleStack stack;
    private final KnownGlobals known;
    private final Map<Long, @Nullable Object> memo = new HashMap<>();

    /** Told of each storage that the pickle names. */
    interface Storages {
        Storage named(Storage storage) throws MalformedFileException;
    }

    private PickleMachine(PickleInput in, Storages storages, Map<String, Object> tensors) {
        this.in = in;
        this.stack = new PickleStack(in);
        this.known = new KnownGlobals(in, storages, tensors);
    }

    /** Runs the next of several pickles that stand one after the other. */
    static @Nullable Object run(PickleInput in) throws MalformedFileException {
        return run(in, storage -> storage);
    }

    static @Nullable Object run(PickleInput in, Storages storages) throws MalformedFileException {
        return new PickleMachine(in, storages, Map.of()).run();
    }

    /** Runs a pickle whose persistent ids are keys of tensors. */
    static @Nullable Object run(PickleInput in, Map<String, Object> tensors) throws MalformedFileException {
        return new PickleMachine(in, storage -> storage, tensors).run();
    }

    /**
     * Runs a pickle.
     *
     * @param name what to call it in messages
     * @return what it leaves on the stack
     */
    static @Nullable Object run(byte[] pickle, String name) throws MalformedFileException {
        return run(new PickleInput(pickle, name));
    }

    private @Nullable Object run() throws MalformedFileException {
        for (int count = 0; count < MAX_OPERATIONS; count++) {
            int code = in.operation();
            if (code == '.') {
                return stack.pop();
            }
            if (!constant(code) && !text(code) && !container(code) && !remembered(code) && !object(code)) {
                throw in.malformed(
                        "an operation that is none of protocols 2 to 5; expected a file that torch.save wrote");
            }
        }
        throw in.malformed("more than " + MAX_OPERATIONS + " operations");
    }

    private boolean constant(int code) throws MalformedFileException {
        switch (code) {
            case 0x80 -> protocol(in.u8());
            case 0x95 -> in.i64(); // a frame: how much may be read ahead
            case 'N' -> stack.push(null);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'K' -> stack.push((long) in.u8());
            case 'M' -> stack.push((long) in.u16());
            case 'J' -> stack.push((long) in.i32());
            case 0x8a -> stack.push(number(in.u8()));
            case 0x8b -> stack.push(number(in.i32()));
            case 'G' -> stack.push(in.f64());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void protocol(int version) throws MalformedFileException {
        if (version > NEWEST) {
            throw in.malformed("protocol " + version + "; expected 2 to " + NEWEST);
        }
    }

    /** A whole number of any size, little-endian; no bytes are 0. */
    private Object number(int bytes) throws MalformedFileException {
        if (bytes < 0 || bytes > LONGEST_NUMBER) {
            throw in.malformed("a number of " + bytes + " bytes; expected at most " + LONGEST_NUMBER);
        }
        byte[] little = in.bytes(bytes);
        byte[] big = new byte[Math.max(1, bytes)];
        for (int i = 0; i < bytes; i++) {
            big[bytes - 1 - i] = little[i];
        }
        BigInteger value = new BigInteger(big);
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    private boolean text(int code) throws MalformedFileException {
        switch (code) {
            case 'X' -> stack.push(in.text(in.u32(), StandardCharsets.UTF_8));
            case 0x8c -> stack.push(in.text(in.u8(), StandardCharsets.UTF_8));
            case 0x8d -> stack.push(in.text(in.i64(), StandardCharsets.UTF_8));
            case 'T' -> stack.push(in.text(in.i32(), StandardCharsets.ISO_8859_1));
            case 'U' -> stack.push(in.text(in.u8(), StandardCharsets.ISO_8859_1));
            case 'B' -> stack.push(in.bytes(in.u32()));
            case 'C' -> stack.push(in.bytes(in.u8()));
            case 0x8e, 0x96 -> stack.push(in.bytes(in.i64()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int code) throws MalformedFileException {
        switch (code) {
            case '(' -> stack.mark();
            case ']', ')', 0x8f -> stack.push(new ArrayList<>(0));
            case '}' -> stack.push(new LinkedHashMap<>(0));
            case 'l', 't', 0x91 -> stack.push(stack.popToMark());
            case 0x85 -> stack.push(stack.pop(1));
            case 0x86 -> stack.push(stack.pop(2));
            case 0x87 -> stack.push(stack.pop(3));
            case 'd' -> {
                List<@Nullable Object> pairs = stack.popToMark();
                Map<Object, @Nullable Object> map = new LinkedHashMap<>();
                put(map, pairs);
                stack.push(map);
            }
            case 'a' -> append(stack.pop(1));
            case 'e', 0x90 -> append(stack.popToMark());
            case 's' -> set(stack.pop(2));
            case 'u' -> set(stack.popToMark());
            default -> {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("unchecked") // all lists are made here, of any values
    private void append(List<@Nullable Object> values) throws MalformedFileException {
        Object target = stack.top();
        if (target instanceof List<?> list) {
            ((List<@Nullable Object>) list).addAll(values);
        } else if (!(target instanceof Placeholder)) { // what a placeholder would have held is nobody's
            throw in.malformed("values to append to what is no list");
        }
    }

    @SuppressWarnings("unchecked") // all maps are made here, of any values
    private void set(List<@Nullable Object> pairs) throws MalformedFileException {
        switch (stack.top()) {
            case Map<?, ?> map -> put((Map<Object, @Nullable Object>) map, pairs);
            case Placeholder p -> put(p.items(), pairs);
            case null, default -> throw in.malformed("entries for what is no dictionary");
        }
    }

    private void put(Map<Object, @Nullable Object> map, List<@Nullable Object> pairs) throws MalformedFileException {
        if (pairs.size() % 2 != 0) {
            throw in.malformed("a dictionary's key without its value");
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            map.put(key(pairs.get(i)), pairs.get(i + 1));
        }
    }

    /** A key that hashes in constant time and never through itself; other keys are kept, but cannot be found. */
    private static Object key(@Nullable Object value) {
        return switch (value) {
            case String s -> s;
            case Long l -> l;
            case Boolean b -> b;
            case Double d -> d;
            case null, default -> new Placeholder(new Global("pickle", "key"), value);
        };
    }

    private boolean remembered(int code) throws MalformedFileException {
        switch (code) {
            case '0' -> {
                if (!stack.popsMark()) {
                    stack.pop();
                }
            }
            case '1' -> stack.popToMark();
            case '2' -> stack.push(stack.top());
            case 'q' -> memo.put((long) in.u8(), stack.top());
            case 'r' -> memo.put(in.u32(), stack.top());
            case 0x94 -> memo.put((long) memo.size(), stack.top());
            case 'h' -> stack.push(recall(in.u8()));
            case 'j' -> stack.push(recall(in.u32()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private @Nullable Object recall(long index) throws MalformedFileException {
        Object value = memo.get(index);
        if (value == null && !memo.containsKey(index)) {
            throw in.malformed("a reference to memory " + index + ", where nothing was stored");
        }
        return value;
    }

    private boolean object(int code) throws MalformedFileException {
        switch (code) {
            case 'c' -> {
                String module = in.line();
                stack.push(new Global(module, in.line()));
            }
            case 0x93 -> {
                List<@Nullable Object> names = stack.pop(2);
                if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
                    throw in.malformed("a class whose name is no text");
                }
                stack.push(new Global(module, name));
            }
            case 'Q' -> stack.push(known.persistent(stack.pop()));
            case 'R', 0x81 -> {
                List<@Nullable Object> call = stack.pop(2);
                stack.push(called(call.get(0), call.get(1), code == 'R'));
            }
            case 0x92 -> {
                List<@Nullable Object> call = stack.pop(3); // class, arguments, named arguments
                stack.push(called(call.get(0), call.get(1), false));
            }
            case 'o' -> {
                List<@Nullable Object> call = stack.popToMark();
                if (call.isEmpty()) {
                    throw in.malformed("an object without its class");
                }
                stack.push(called(call.getFirst(), call.subList(1, call.size()), false));
            }
            case 'b' -> build(stack.pop());
            default -> {
                return false;
            }
        }
        return true;
    }

    private Object called(@Nullable Object function, @Nullable Object arguments, boolean plain)
            throws MalformedFileException {
        if (!(arguments instanceof List<?> list)) {
            throw in.malformed("a call whose arguments are no tuple");
        }
        return switch (function) {
            case Global g when plain || g.equals(KnownGlobals.DICTIONARY) -> known.call(g, list);
            case Global g -> new Placeholder(g, list);
            case Placeholder p -> new Placeholder(p.type(), list);
            case null, default -> throw in.malformed("a call of what is no function");
        };
    }

    /** State goes to placeholders; what tensors and dictionaries carry beside their content is left out. */
    private void build(@Nullable Object state) throws MalformedFileException {
        switch (stack.top()) {
            case Placeholder p -> p.setState(state);
            case Map<?, ?> map -> {
            }
            case StoredTensor t -> {
            }
            case null, default -> throw in.malformed("a state for what has none");
        }
    }
}
