package s4j.torch.tensor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.CRC32C;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import s4j.io.TensorData;
import s4j.torch.tensor.Parameter.Role;

/**
 * All tensors of one network by official name, in order of creation, and the only owner of their memory. Initial values
 * are drawn by a generator seeded from (seed, name), so that they do not depend on the order of layers, on libtorch or
 * on the machine.
 */
public final class ParameterStore implements AutoCloseable {
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final long seed;
    private final Device device;
    private final ScalarType type;

    /** An empty store; trained tensors get the given place and type ({@code Float} or {@code Double}). */
    public ParameterStore(long seed, Device device, ScalarType type) {
        this.seed = seed;
        this.device = NativeScope.keep(device);
        this.type = type;
    }

    /** The generator of the initial values of one parameter. */
    public RandomGenerator random(String name) {
        CRC32C crc = new CRC32C();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 0x9E3779B97F4A7C15L + crc.getValue());
    }

    /** A trained tensor with its optimizer's learning rate; the role decides about decay. */
    public Parameter add(String name, Role role, double[] values, long... shape) {
        return add(name, role, values, shape, null, null);
    }

    /** A trained tensor with its own learning rate and decay; a rate of 0 freezes it. */
    public Parameter add(String name, Role role, double[] values, long[] shape, @Nullable Double lr,
            @Nullable Double weightDecay) {
        boolean frozen = lr != null && lr == 0.0;
        Tensor value = Tensor.create(values, shape).to(device, type);
        value.requires_grad_(!frozen && role != Role.BUFFER);
        return put(new Parameter(name, NativeScope.keep(value), frozen ? Role.BUFFER : role, lr, weightDecay));
    }

    /** A counter or length that is stored but not trained. */
    public Parameter addCounter(String name, long value) {
        return put(new Parameter(name, NativeScope.keep(Tensor.create(new long[]{value}, new long[0])), Role.BUFFER,
                null, null));
    }

    /** A weight matrix {@code [out, in]} uniform in ±1/√in, and its bias the same: libtorch's own default. */
    public Linear addLinear(String name, int in, int out) {
        return addLinear(name, in, new long[]{out, in});
    }

    /** The same as a convolution of one step: its weight is {@code [out, in, 1]}. */
    public Linear addPointwise(String name, int in, int out) {
        return addLinear(name, in, new long[]{out, in, 1});
    }

    private Linear addLinear(String name, int in, long[] shape) {
        int out = Math.toIntExact(shape[0]);
        double bound = 1 / Math.sqrt(in);
        Parameter weight = add(name + ".weight", Role.WEIGHT, uniform(name + ".weight", (long) in * out, bound),
                shape);
        Parameter bias = add(name + ".bias", Role.BIAS, uniform(name + ".bias", out, bound), out);
        return new Linear(weight, bias);
    }

    /** A trained tensor uniform in ±bound. */
    public Parameter addUniform(String name, Role role, double bound, long... shape) {
        long n = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return add(name, role, uniform(name, n, bound), shape);
    }

    private double[] uniform(String name, long n, double bound) {
        RandomGenerator random = random(name);
        double[] values = new double[Math.toIntExact(n)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (2 * random.nextDouble() - 1) * bound;
        }
        return values;
    }

    private Parameter put(Parameter parameter) {
        if (parameters.putIfAbsent(parameter.name(), parameter) != null) {
            throw new IllegalStateException("two tensors are named " + parameter.name());
        }
        return parameter;
    }

    /** Everything, buffers included, in order of creation. */
    public List<Parameter> all() {
        return new ArrayList<>(parameters.values());
    }

    /** What an optimizer updates, in order of creation. */
    public List<Parameter> trained() {
        return parameters.values().stream().filter(Parameter::trained).toList();
    }

    /** Copies of all tensors by name. */
    public Map<String, TensorData> data() {
        try (var _ = NativeScope.withoutGradients()) {
            Map<String, TensorData> data = new LinkedHashMap<>();
            parameters.forEach((name, p) -> data.put(name, Tensors.data(p.value())));
            return data;
        }
    }

    /**
     * Overwrites all tensors.
     *
     * @throws IllegalArgumentException when a name is missing or unknown, or a shape differs; nothing is then changed
     */
    public void load(Map<String, TensorData> data) {
        for (Parameter p : parameters.values()) {
            TensorData d = data.get(p.name());
            if (d == null) {
                throw new IllegalArgumentException("tensor " + p.name() + " is missing; expected shape "
                        + List.of(boxed(Tensors.shape(p.value()))));
            }
            if (!Arrays.equals(d.shape(), Tensors.shape(p.value()))) {
                throw new IllegalArgumentException("tensor " + p.name() + " has shape " + List.of(boxed(d.shape()))
                        + "; expected " + List.of(boxed(Tensors.shape(p.value()))));
            }
        }
        for (String name : data.keySet()) {
            if (!parameters.containsKey(name)) {
                throw new IllegalArgumentException("tensor " + name
                        + " has no place in this network");
            }
        }
        try (var _ = NativeScope.withoutGradients()) {
            parameters.forEach((name, p) -> p.value().copy_(Tensors.of(java.util.Objects.requireNonNull(data.get(name)),
                    device)));
        }
    }

    private static Long[] boxed(long[] shape) { return Arrays.stream(shape).boxed().toArray(Long[]::new); }

    /** Where trained tensors are. */
    public Device device() { return device; }

    /** The floating-point type of trained tensors. */
    public ScalarType type() { return type; }

    @Override
    public void close() {
        parameters.values().forEach(p -> NativeScope.release(p.value()));
        NativeScope.release(device);
        parameters.clear();
    }
}
