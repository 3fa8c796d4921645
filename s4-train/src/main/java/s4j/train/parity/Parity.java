package s4j.train.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import s4j.io.TensorData;
import s4j.stream.SashimiForms;

/** Runs the golden cases of a directory: every reference tensor is compared under its own tolerance. */
public final class Parity {
    /** The kinds of cases there are. */
    public static final Set<String> KINDS = Set.of("hippo", "kernel", "block", "training", "sashimi");

    /** References of a smaller norm are compared absolutely. */
    private static final double NOISE = 1e-13;

    private Parity() {}

    /**
     * One case.
     *
     * @param name file name without ending
     * @param worst the tensor with the largest error relative to its tolerance
     * @param error its relative error ‖ours − theirs‖ / ‖theirs‖
     * @param tolerance its tolerance
     * @param passed whether every reference tensor is within its tolerance
     * @param tensors reference tensors compared
     * @param message why the case failed without a comparison; else empty
     */
    public record Result(String name, String worst, double error, double tolerance, boolean passed, int tensors,
            String message) {}

    /** All cases of a directory. */
    public record Report(List<Result> results) {
        /** Cases within all their tolerances. */
        public long passed() {
            return results.stream().filter(Result::passed).count();
        }

        /** Whether there were cases and all passed. */
        public boolean ok() {
            return !results.isEmpty() && passed() == results.size();
        }

        /** Reference tensors compared. */
        public int tensors() {
            return results.stream().mapToInt(Result::tensors).sum();
        }

        /** The last line of the report. */
        public String summary() {
            return "parity: %d of %d cases, %d tensors".formatted(passed(), results.size(), tensors());
        }
    }

    /**
     * Runs the cases in the order of their names.
     *
     * @param directory holds .safetensors files
     * @param kinds the kinds to run; empty: all
     * @throws IOException when the directory cannot be listed
     */
    public static Report run(Path directory, Set<String> kinds) throws IOException {
        List<Result> results = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> list = Files.list(directory)) {
            files = list.filter(f -> f.getFileName().toString().endsWith(".safetensors")).sorted().toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            String kind = name.replaceFirst("[_.].*", "");
            if (kinds.isEmpty() || kinds.contains(kind)) {
                results.add(run(file));
            }
        }
        return new Report(results);
    }

    /** Runs one case; whatever goes wrong is a failed case with a message. */
    public static Result run(Path file) {
        String name = file.getFileName().toString().replace(".safetensors", "");
        try {
            GoldenCase golden = GoldenCase.read(file);
            return switch (golden.kind()) {
                case "hippo" -> compare(golden, HippoCase.references(golden), HippoCase.compute(golden));
                case "kernel" -> compare(golden, references(golden, "param.", "grad_out"), LayerCase.kernel(golden));
                case "block" -> compare(golden, references(golden, "param.", "grad_out", "u"), LayerCase.block(golden));
                case "training" -> compare(golden, references(golden, "param0.", "x.", "label."),
                        TrainingCase.compute(golden));
                case "sashimi" -> sashimi(golden);
                default -> failed(name, "unknown kind " + golden.kind() + "; known are " + new TreeSet<>(KINDS));
            };
        } catch (IOException | RuntimeException e) {
            return failed(name, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private static Result sashimi(GoldenCase golden) {
        Map<String, TensorData> references = references(golden, "param.", "x");
        boolean stepped = references.containsKey("y_step"); // a bidirectional case has none
        return compare(golden, references, SashimiCase.compute(golden, stepped ? SashimiForms::steps : null));
    }

    private static Result failed(String name, String message) {
        return new Result(name, "", Double.NaN, Double.NaN, false, 0, message);
    }

    /** The tensors of a case that are results: all but those with the given names or prefixes (which end with a dot). */
    private static Map<String, TensorData> references(GoldenCase golden, String... inputs) {
        Map<String, TensorData> references = new TreeMap<>(golden.tensors());
        references.keySet().removeIf(key -> Stream.of(inputs)
                .anyMatch(input -> input.endsWith(".") ? key.startsWith(input) : key.equals(input)));
        return references;
    }

    private static Result compare(GoldenCase golden, Map<String, TensorData> references, Map<String, TensorData> ours) {
        for (String promised : golden.tolerances().keySet()) {
            if (golden.tensors().keySet().stream()
                    .noneMatch(key -> key.equals(promised) || key.startsWith(promised + "_"))) {
                return failed(golden.name(), "reference tensor " + promised + " is missing");
            }
        }
        if (references.isEmpty()) {
            return failed(golden.name(), "no reference tensors");
        }
        Result worst = new Result(golden.name(), "", -1, 1, false, 0, "");
        boolean passed = true;
        for (var reference : references.entrySet()) {
            String key = reference.getKey();
            TensorData own = ours.get(key);
            Double tolerance = golden.tolerance(key);
            if (own == null) {
                return failed(golden.name(), "nothing computed for reference tensor " + key);
            }
            if (tolerance == null) {
                return failed(golden.name(), "reference tensor " + key + " has no tolerance");
            }
            double error = relativeError(key, own, reference.getValue());
            passed &= error <= tolerance; // NaN is not
            // NaN is worse than any number and stays the worst
            if (!Double.isNaN(worst.error()) && !(error / tolerance <= worst.error() / worst.tolerance())) {
                worst = new Result(golden.name(), key, error, tolerance, false, 0, "");
            }
        }
        return new Result(golden.name(), worst.worst(), worst.error(), worst.tolerance(), passed, references.size(),
                "");
    }

    private static double relativeError(String key, TensorData ours, TensorData theirs) {
        double[] a = ours.toDoubles();
        double[] b = theirs.toDoubles();
        if (!java.util.Arrays.equals(ours.shape(), theirs.shape())) {
            throw new GoldenCase.CaseException(
                    "tensor " + key + " has shape " + java.util.Arrays.toString(theirs.shape())
                            + ", ours has " + java.util.Arrays.toString(ours.shape()));
        }
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < a.length; i++) {
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            norm += b[i] * b[i];
        }
        // a gradient that is zero by its nature (dt of a kernel of one step) is rounding on both sides: compare it as zero
        return Math.sqrt(norm) < NOISE ? Math.sqrt(difference) : Math.sqrt(difference / norm);
    }
}
