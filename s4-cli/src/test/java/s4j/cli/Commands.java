package s4j.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import s4j.audio.Quantization;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;
import s4j.torch.Learner;
import s4j.train.config.TrainConfig;

/** The command in this process with bytes in and out, and untrained models for it. */
final class Commands {
    /** What a command said, its exit code, and what went through the pipe. */
    record Said(int code, String out, String err, byte[] bytes) {
        String text() { return new String(bytes, StandardCharsets.US_ASCII); }

        String lastLine() { return out.strip().lines().reduce((a, b) -> b).orElse(""); }
    }

    static Said s4(byte[] in, OutputStream pipe, String... args) { return s4(Parts.standard(), in, pipe, args); }

    static Said s4(String in, String... args) {
        return s4(in.getBytes(StandardCharsets.US_ASCII), new ByteArrayOutputStream(), args);
    }

    static Said s4(Parts parts, byte[] in, OutputStream pipe, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = S4.commandLine(parts, new Pipes(new ByteArrayInputStream(in), pipe), new PrintWriter(out),
                new PrintWriter(err)).execute(args);
        return new Said(code, out.toString(), err.toString(),
                pipe instanceof ByteArrayOutputStream bytes ? bytes.toByteArray() : new byte[0]);
    }

    /** All commands and theirs. */
    static List<CommandLine> all() {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        return below(S4.commandLine(Parts.standard(), nowhere, nowhere)).toList();
    }

    private static Stream<CommandLine> below(CommandLine root) {
        return root.getSubcommands().values().stream().flatMap(c -> Stream.concat(Stream.of(c), below(c)));
    }

    /** The model file of an untrained network. */
    static Path model(Path file, Map<String, @Nullable Object> config, Map<String, TensorData> data)
            throws IOException {
        NetworkConfig network = Binder.bind(ConfigTree.of(config, new Origin("test")), NetworkConfig.class);
        try (Learner learner = Learner.create(network, TrainConfig.DEFAULTS.learnerOptions())) {
            Map<String, TensorData> tensors = new LinkedHashMap<>(learner.modelTensors());
            tensors.putAll(data);
            new ModelFile(tensors, Map.of("network", Binder.tree(network).toValue()), Map.of()).write(file);
        }
        return file;
    }

    /** One S4D layer of width 8 with an output for each step. */
    static Path perStep(Path file, String encoder, int inputs, int outputs, Map<String, TensorData> data)
            throws IOException {
        return model(file, Map.of("d_input", inputs, "d_output", outputs, "l_max", 64, "encoder", encoder, "model",
                Map.of("_name_", "model", "d_model", 8, "n_layers", 1, "layer", Map.of("d_state", 8, "mode", "diag")),
                "decoder", Map.of("mode", "step")), data);
    }

    /** Sound of 8 bits at 1,000 samples a second. */
    static String sound(Path directory) throws IOException {
        return perStep(directory.resolve("sound.safetensors"), "embedding", 256, 256,
                Map.of("data.levels", TensorData.of(Quantization.MU_LAW.table(8), 256), "data.sample_rate",
                        TensorData.of(new long[]{1000}, 1), "data.start", TensorData.of(new long[]{128}, 1)))
                .toString();
    }

    /** Two values in, three out, with mean and deviation of the data. */
    static String values(Path directory) throws IOException {
        return perStep(directory.resolve("values.safetensors"), "linear", 2, 3,
                Map.of("data.mean", TensorData.of(new double[]{1, 2}, 2), "data.std",
                        TensorData.of(new double[]{2, 4}, 2)))
                .toString();
    }

    private Commands() {}
}
