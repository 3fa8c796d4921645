package s4j.cli;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.Dataset;
import s4j.train.Nowhere;
import s4j.train.Outcome;
import s4j.torch.distributed.Group;
import s4j.torch.distributed.World;
import s4j.train.ResolvedConfig;
import s4j.train.SharedCheckpoint;
import s4j.train.StopRequest;
import s4j.train.Trainer;
import s4j.train.config.ConfigLoader;
import s4j.train.config.OfficialWords;
import s4j.train.config.TrainConfig;
import s4j.train.run.RunDirectory;
import s4j.train.run.RunException;

/** {@code s4 train}: the main job. */
@Command(name = "train", mixinStandardHelpOptions = true, sortOptions = false, sortSynopsis = false,
        description = "Trains a network and writes model, metrics and a report to a run directory.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 train pipeline=mnist model=s4               S4 on MNIST, one epoch",
                "  s4 train pipeline=mnist model=s4d trainer.max_epochs=4",
                "  s4 train pipeline=mnist model=s4 model.layer.d_state=32 optimizer.lr=0.004",
                "  s4 train pipeline=mnist dataset.permute=true   permuted MNIST",
                "  s4 train pipeline=mnist --print-config         shows every key, trains nothing",
                "  s4 train --resume run.dir=runs/NAME            goes on after Ctrl-C or a crash",
                "  s4 train train.ckpt=runs/NAME run.dir=runs/OTHER",
                "  s4 train pipeline=fsdd                         SaShiMi on spoken digits, sample by sample",
                "  s4 train pipeline=audio dataset.path=FOLDER    the same on your own wav files",
                "",
                "The last line is the test split's metric, e.g. test accuracy. Exit codes: 2 something in the command or",
                "the files is wrong; 1 training failed; 130, 143 stopped by Ctrl-C or a signal,",
                "after saving a checkpoint."})
final class TrainCommand implements Callable<Integer> {
    /** As of a process that Ctrl-C ended; the JVM itself gives 143 for SIGTERM. */
    private static final int STOPPED = 130;
    static final String RUN_DIR = "run.dir=";
    static final String CKPT = "train.ckpt=";

    private final Parts parts;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "GROUP=CHOICE | KEY=VALUE | ~KEY",
            description = "Chooses a file of configs/ (pipeline=mnist), sets a value (optimizer.lr=0.004), or takes one"
                    + " back to its default.")
    List<String> words = List.of();

    @Option(names = "--print-config", description = "Print the resolved configuration as YAML and end.")
    boolean printConfig;

    @Option(names = "--resume",
            description = "Continue the last checkpoint in run.dir to the same bits as a run that was"
                    + " never interrupted.")
    boolean resume;

    @Option(names = "--allow-different-machine", description = "Continue although device, threads or BLAS core differ;"
            + " the bits will, too.")
    boolean anyMachine;

    @Option(names = {"-m", "--multirun"}, description = "Train every combination of KEY=V1,V2, as s4 sweep does.")
    boolean multirun;

    @Option(names = "--config-dir", paramLabel = "DIRECTORY",
            description = "Look for group files here first. May be repeated.")
    List<Path> configDirectories = List.of();

    TrainCommand(Parts parts) { this.parts = parts; }

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("called without being parsed");
        }
        if (multirun) {
            return sweep(spec);
        }
        try (Crew crew = Crew.join(printConfig ? World.ALONE : World.of(System.getenv()))) {
            PrintWriter out = crew.group().leads()
                    ? spec.commandLine().getOut()
                    : Nowhere.writer();
            return crew.told(() -> train(crew, out));
        }
    }

    /** What is to be done: from where, how, and to which directory. */
    private record Plan(TrainConfig config, @Nullable Path from, RunDirectory run) {}

    private Plan plan(Group group, PrintWriter out) throws IOException {
        words = OfficialWords.translate(words, printConfig ? line -> {} : out::println);
        ConfigLoader loader = ConfigLoader.usual(configDirectories);
        Path asked = checkpointAsked(group);
        TrainConfig config = asked != null && !choosesAnew()
                ? continued(loader, asked, out, group)
                : loader.load(words);
        Path from = asked == null && config.train().ckpt() != null
                ? checkpoint(Path.of(config.train().ckpt()), group)
                : asked;
        if (!printConfig) {
            config.requireDecoder();
        }
        return new Plan(config, from, directory(config, from));
    }

    /** Where the run would be written. */
    RunDirectory planned() throws IOException {
        return plan(Group.alone(), Nowhere.writer()).run;
    }

    private int train(Crew crew, PrintWriter out) throws IOException {
        Plan plan = plan(crew.group(), out);
        TrainConfig config = plan.config;
        if (printConfig) {
            out.print(config.toYaml());
            out.flush();
            return 0;
        }
        Dataset data = crew.group().inTurn(() -> parts.datasets().load(config.dataset(), line -> {
            out.println(line);
            out.flush();
        }));
        Trainer.Job job = new Trainer.Job(ResolvedConfig.of(config.resolved(data)), data,
                crew.learners(parts.learners()), plan.run, plan.from, anyMachine, s4j.io.Version.current(),
                crew.group());
        out.println("s4j " + s4j.io.Version.current());
        try (StopRequest stop = StopRequest.onSignals()) {
            Crew.stopWithLauncher(stop);
            return switch (new Trainer(job, out, terminal(), stop).run()) {
                case Outcome.Stopped stopped -> STOPPED;
                case Outcome.Finished finished -> {
                    out.println(finished.test().lastLine());
                    out.flush();
                    yield 0;
                }
            };
        }
    }

    private int sweep(CommandSpec own) throws IOException {
        if (World.of(System.getenv()).size() > 1) {
            throw new RunException("--multirun is for one process; expected no WORLD_SIZE. Launch its runs one by one");
        }
        if (resume || printConfig) {
            throw new RunException(
                    "--multirun with --resume or --print-config; expected it alone: the same words with run.dir go on");
        }
        SweepCommand sweep = new SweepCommand(parts);
        sweep.spec = own;
        sweep.words = words;
        sweep.configDirectories = configDirectories;
        return sweep.call();
    }

    /** The checkpoint that --resume or a word train.ckpt=… asks for; null: neither. */
    private @Nullable Path checkpointAsked(Group group) {
        String ckpt = word(CKPT);
        if (resume) {
            String dir = word(RUN_DIR);
            if (ckpt != null || dir == null) {
                throw new RunException("--resume continues the last checkpoint of run.dir: got "
                        + (ckpt == null ? "no run.dir=PATH" : CKPT + ckpt)
                        + "; expected e.g. s4 train --resume run.dir=runs/NAME, or train.ckpt=PATH without --resume");
            }
            return checkpoint(Path.of(dir), group);
        }
        return ckpt == null || ckpt.equals("null") ? null : checkpoint(Path.of(ckpt), group);
    }

    private @Nullable String word(String prefix) {
        return words.stream().filter(w -> w.startsWith(prefix)).map(w -> w.substring(prefix.length()))
                .reduce((a, b) -> b).orElse(null);
    }

    /** A checkpoint file, or the last one of a run directory; only rank 0 need see it. */
    private static Path checkpoint(Path path, Group group) {
        if (!group.leads()) {
            return path.toString().endsWith(".safetensors") ? path : new RunDirectory(path).last();
        }
        Path file = Files.isDirectory(path) ? new RunDirectory(path).last() : path;
        if (!Files.isRegularFile(file)) {
            if (Files.isDirectory(path) && Files.exists(path.resolve("checkpoints", ".lock"))) {
                throw new RunException("no checkpoint " + file
                        + ": the run ended before its first one. Start it again with the same words, without --resume");
            }
            throw new RunException("no checkpoint " + file + "; expected a file that s4 train wrote, or a run directory"
                    + " with checkpoints/last.safetensors");
        }
        return file;
    }

    /** Whether the words describe a whole run, which is then compared with the checkpoint's. */
    private boolean choosesAnew() {
        return words.stream().anyMatch(w -> w.startsWith("pipeline=") || w.startsWith("experiment="));
    }

    /**
     * A continued run need not repeat its words: the checkpoint knows them. The places that one of this directory's own run names are
     * shown and used; of a checkpoint from anywhere ({@code train.ckpt}) only those that {@link FilePaths} allows.
     */
    private TrainConfig continued(ConfigLoader loader, Path checkpoint, PrintWriter out, Group group)
            throws IOException {
        ConfigTree before = ConfigTree.fromJson(SharedCheckpoint.read(group, checkpoint).config(),
                new Origin("checkpoint " + checkpoint));
        if (!resume) {
            return loader.override(FilePaths.checked(before, words, out::println, checkpoint.toString()), words);
        }
        FilePaths.shown(before).forEach(place -> out.println("from the checkpoint: " + place));
        return loader.override(before, words);
    }

    private static RunDirectory directory(TrainConfig config, @Nullable Path from) {
        if (config.run().dir() != null) {
            return new RunDirectory(Path.of(config.run().dir()));
        }
        if (from != null) {
            return RunDirectory.ofCheckpoint(from);
        }
        return RunDirectory.fresh(Path.of("runs"), LocalDateTime.now(ZoneId.systemDefault()),
                config.dataset().name() + "-" + config.model().word());
    }

    /** Both input and output: with either redirected, a line that is written over would be noise in a file. */
    @SuppressWarnings("SystemConsoleNull") // null again since JDK 25 where there is no terminal
    static boolean terminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
