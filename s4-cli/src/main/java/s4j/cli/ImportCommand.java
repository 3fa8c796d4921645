package s4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.ModelFile;
import s4j.model.NetworkConfig;
import s4j.official.Findings.Finding;
import s4j.official.OfficialModel;
import s4j.torch.Learner;
import s4j.train.config.TrainConfig;
import s4j.train.config.Yaml;
import s4j.train.run.RunException;

/** {@code s4 import}: an official PyTorch checkpoint as a model file. */
@Command(name = "import", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Turns a PyTorch checkpoint of the official S4 into a model file. Its pickle is read, never run.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 import ckpt.pth --out model.safetensors",
                "  s4 import last.ckpt --out model.safetensors model.layer.dt_transform=exp l_max=784",
                "  s4 import ema.pt --out model.safetensors --from ema", "",
                "Known: example.py, S4Block (V4), its forerunners of 2022, the backbones of src/, SaShiMi; .pt, .pth and",
                ".ckpt of any PyTorch, or .safetensors. What a checkpoint does not say is assumed and listed; key=value",
                "(keys of the network: model.prenorm, decoder.mode, l_max, …) says otherwise."})
final class ImportCommand implements Callable<Integer> {
    private static final int BUFFER = 1 << 16;

    private final Parts parts;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "A checkpoint that torch.save or Lightning wrote.")
    @Nullable
    Path file;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE", description = "Keys of the network to set.")
    List<String> words = List.of();

    @Option(names = "--out", paramLabel = "MODEL", required = true, description = "The model file to write.")
    @Nullable
    Path out;

    @Option(names = "--from", paramLabel = "NAME",
            description = "Where several networks are in the file: take the one whose place has this in it.")
    @Nullable
    String from;

    ImportCommand(Parts parts) { this.parts = parts; }

    @Override
    public Integer call() throws IOException {
        if (spec == null || file == null || out == null) {
            throw new IllegalStateException("called without being parsed");
        }
        GeneratedFiles.requireDirectory("--out", out, file);
        PrintWriter console = spec.commandLine().getOut();
        OfficialModel model = OfficialModel.read(file, from);
        Map<String, ConfigTree> set = parse(words);
        ConfigTree tree = model.findings().tree();
        for (Map.Entry<String, ConfigTree> word : set.entrySet()) {
            tree = tree.with(word.getKey(), word.getValue());
        }
        NetworkConfig network = Binder.bind(tree, NetworkConfig.class);
        requireFit(model, network);
        report(console, model, set);
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("network", Binder.tree(network).toValue());
        new ModelFile(model.tensors(), config, provenance(model, file, assumed(model, set))).write(out);
        long values = model.tensors().values().stream().mapToLong(t -> t.size()).sum();
        console.printf(Locale.ROOT, "%s: %d tensors, %,d numbers%n", out, model.tensors().size(), values);
        console.flush();
        return 0;
    }

    private static Map<String, ConfigTree> parse(List<String> words) {
        Map<String, ConfigTree> out = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new ConfigException("argument " + word + "; expected key=value, e.g. model.prenorm=true");
            }
            out.put(word.substring(0, equals), Yaml.value(word.substring(equals + 1), Origin.commandLine(word)));
        }
        return out;
    }

    /** Names and shapes are checked by the network itself, before anything is written. */
    private void requireFit(OfficialModel model, NetworkConfig network) {
        try (Learner learner = parts.learners().create(network, TrainConfig.DEFAULTS.learnerOptions())) {
            learner.loadModel(model.tensors());
        } catch (IllegalArgumentException e) {
            throw new RunException(file + ": its tensors do not make this network: " + e.getMessage()
                    + ". Look at the keys that were assumed or set");
        }
    }

    private static List<Finding> assumed(OfficialModel model, Map<String, ConfigTree> set) {
        return model.findings().all().stream().filter(f -> f.assumed() && !set.containsKey(f.key())).toList();
    }

    private static void report(PrintWriter console, OfficialModel model, Map<String, ConfigTree> set) {
        console.println(model.place() + ": " + model.layout());
        console.println("found: " + model.findings().all().stream().filter(f -> !f.assumed())
                .map(f -> f.key() + "=" + f.value()).collect(Collectors.joining(", ")));
        console.println("assumed, change with key=value:");
        assumed(model, set).forEach(f -> console.println("  " + f));
        if (!set.isEmpty()) {
            console.println("set: " + set.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue().toJson())
                    .collect(Collectors.joining(", ")));
        }
        if (!model.others().isEmpty()) {
            console.println("also in the file, choose with --from: " + model.others());
        }
    }

    /** Where it came from: the checkpoint's name and sum, no path. */
    private static Map<String, @Nullable Object> provenance(OfficialModel model, Path file, List<Finding> assumed)
            throws IOException {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("version", s4j.io.Version.current());
        out.put("imported_from", String.valueOf(file.getFileName()));
        out.put("source_sha256", sha256(file));
        out.put("layout", model.layout());
        out.put("assumed", assumed.stream().map(f -> (Object) (f.key() + "=" + f.value())).toList());
        return out;
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest sum = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sum.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(sum.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
