package s4j.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import s4j.io.TensorData;
import s4j.torch.nn.Network;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Tensors;

/**
 * The states that a batch leaves to the next one whose rows go on from it: one a layer, without their graph, so that gradients
 * end where a batch begins (truncated backpropagation through time).
 */
final class CarriedStates {
    /** Where they stand in a training state. */
    static final String PREFIX = "carried.";

    /** Of the parts of an accumulated batch after the first; their rows are others. */
    private static final String PART = PREFIX + "part";

    private final String prefix;
    private List<Tensor> states = List.of();

    CarriedStates() { this(0); }

    /** Of one part of a batch. */
    CarriedStates(int part) { prefix = prefix(part); }

    /** Before the numbers of a part's states. */
    static String prefix(int part) {
        return part == 0 ? PREFIX : PART + part + ".";
    }

    /** States before any input. */
    static List<Tensor> zeros(Network network, long batch) {
        return network.layers().stream().map(layer -> layer.zeroState(batch)).toList();
    }

    /**
     * What a batch of so many rows goes on from.
     *
     * @param goesOn false: its rows begin
     */
    List<Tensor> before(Network network, long rows, boolean goesOn) {
        if (goesOn && !states.isEmpty() && states.getFirst().size(0) != rows) {
            throw new IllegalArgumentException("a batch of %d rows goes on from one of %d; expected as many"
                    .formatted(rows, states.getFirst().size(0)));
        }
        return goesOn && !states.isEmpty() ? states : zeros(network, rows);
    }

    /** States after steps {@code [b, l, d]} that are only read, at most {@code longest} at once. */
    List<Tensor> after(Network network, Tensor x, int longest) {
        try (var _ = NativeScope.withoutGradients()) {
            keep(zeros(network, x.size(0)));
            for (long at = 0; at < x.size(1); at += longest) {
                keep(network.features(x.narrow(1, at, Math.min(longest, x.size(1) - at)), null, states, false)
                        .states());
            }
        }
        return states;
    }

    /** Features {@code [b, l, h]} of sequences that may be longer than the layers' kernels, in evaluation mode; leaves no states. */
    Tensor chunked(Network network, Tensor x, int longest) {
        List<Tensor> before = zeros(network, x.size(0));
        Tensor[] parts = new Tensor[Math.toIntExact(Math.ceilDiv(x.size(1), longest))];
        for (int i = 0; i < parts.length; i++) {
            long at = (long) i * longest;
            Network.Output out = network.features(x.narrow(1, at, Math.min(longest, x.size(1) - at)), null, before,
                    false);
            parts[i] = out.y();
            before = Objects.requireNonNull(out.states());
        }
        return parts.length == 1 ? parts[0] : Tensors.cat(1, parts);
    }

    /** Takes the states after a batch. */
    void keep(@Nullable List<Tensor> next) {
        List<Tensor> kept = Objects.requireNonNull(next).stream().map(s -> NativeScope.keep(s.detach().clone()))
                .toList();
        clear();
        states = kept;
    }

    void clear() {
        states.forEach(NativeScope::release);
        states = List.of();
    }

    Map<String, TensorData> data() {
        Map<String, TensorData> out = new LinkedHashMap<>();
        try (var _ = NativeScope.withoutGradients()) {
            for (int i = 0; i < states.size(); i++) {
                out.put(prefix + i, Tensors.data(states.get(i)));
            }
        }
        return out;
    }

    private boolean own(String name) {
        return name.startsWith(prefix) && name.substring(prefix.length()).matches("[0-9]+");
    }

    void restore(Map<String, TensorData> state, Device device) {
        clear();
        int n = (int) state.keySet().stream().filter(this::own).count();
        try (var _ = NativeScope.withoutGradients()) {
            states = IntStream.range(0, n)
                    .mapToObj(i -> NativeScope.keep(Tensors.of(Objects.requireNonNull(state.get(prefix + i)), device)))
                    .toList();
        }
    }
}
