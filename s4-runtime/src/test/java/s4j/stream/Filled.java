package s4j.stream;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;

/** Any network with seeded random weights: each tensor that loading it misses is drawn in the shape that it asks for. */
public final class Filled {
    private static final Pattern MISSING = Pattern
            .compile("no tensor (\\S+); the configuration needs one of shape \\[(.*)\\]");
    private static final int MOST = 500;

    /** The file of a network. */
    public static ModelFile model(Map<String, @Nullable Object> network) {
        NetworkConfig config = Binder.bind(ConfigTree.of(network, new Origin("test")), NetworkConfig.class);
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < MOST; i++) {
            ModelFile file = new ModelFile(tensors, Map.of("network", Binder.tree(config).toValue()), Map.of());
            try {
                S4Model.of(file, "filled", ModelOptions.standard());
                return file;
            } catch (MalformedFileException e) {
                Matcher m = MISSING.matcher(String.valueOf(e.getMessage()));
                if (!m.find()) {
                    throw new AssertionError(e);
                }
                tensors.put(m.group(1), tensor(m.group(1), m.group(2), config.lMax(), random));
            }
        }
        throw new AssertionError("more than " + MOST + " tensors");
    }

    private static TensorData tensor(String name, String sizes, int lMax, SplittableRandom random) {
        if (name.endsWith("l_kernel")) {
            return TensorData.of(new long[]{lMax});
        }
        long[] shape = Stream.of(sizes.split(", ", -1)).mapToLong(Long::parseLong).toArray();
        int size = (int) java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        String last = name.substring(name.lastIndexOf('.') + 1);
        boolean norm = name.contains("norm") && last.equals("weight");
        double mean = norm || last.equals("running_var")
                ? 1
                : switch (last) {
                    case "inv_dt" -> -3;
                    case "A_real" -> -0.7;
                    case "A_imag" -> 5;
                    default -> 0;
                };
        double scale = switch (last) {
            case "A_imag" -> 3;
            case "C", "B", "D" -> 1;
            case "P", "inv_dt" -> 0.5;
            case "weight" -> norm ? 0.1 : 1 / Math.sqrt((double) shape[shape.length == 3 ? 1 : shape.length - 1]);
            default -> 0.1;
        };
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (mean + scale * random.nextGaussian());
        }
        return TensorData.of(values, shape);
    }

    private Filled() {}
}
