package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.train.run.RunDirectory;
import s4j.train.run.RunException;

/** {@code s4 launch}: several processes of this machine that train one network. */
@Command(name = "launch", mixinStandardHelpOptions = true, sortOptions = false, sortSynopsis = false,
        description = "Trains with several processes on this machine, which average their gradients.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 launch --workers 2 train pipeline=mnist model=s4 loader.batch_size=25",
                "  s4 launch --workers 4 --max-restarts 3 train pipeline=cifar model=s4",
                "",
                "A step takes loader.batch_size sequences for each worker: 2 workers with 25 train as one with 50.",
                "Each worker has its share of the cores. Several machines, Slurm, Kubernetes: docs/scale-out.md"})
final class LaunchCommand implements Callable<Integer> {
    private static final String LOCAL = "127.0.0.1";
    private static final String RESUME = "--resume";

    private final Parts parts;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--workers", paramLabel = "N", required = true,
            description = "Processes, each with the whole network.")
    int workers;

    @Option(names = "--max-restarts", paramLabel = "N", defaultValue = "0",
            description = "When a worker ends by a failure, start all again from the last checkpoint, so often (default 0).")
    int maxRestarts;

    @Option(names = "--port", paramLabel = "PORT", description = "Where rank 0 listens (default: a free port).")
    @Nullable
    Integer port;

    @Option(names = "--timeout", paramLabel = "SECONDS",
            description = "How long a worker waits for the others (default 300).")
    @Nullable
    Integer timeout;

    @Parameters(arity = "1..*", paramLabel = "train WORDS",
            description = "What each of them does: train and its words.")
    List<String> command = List.of();

    LaunchCommand(Parts parts) { this.parts = parts; }

    @Override
    public Integer call() throws IOException {
        PrintWriter err = java.util.Objects.requireNonNull(spec).commandLine().getErr();
        if (workers < 1 || workers > 4096) {
            throw new RunException("--workers " + workers + "; expected 1 to 4096");
        }
        if (maxRestarts < 0 || (port != null && (port < 1 || port > 65_535))) {
            throw new RunException(maxRestarts < 0
                    ? "--max-restarts " + maxRestarts + "; expected 0 or more"
                    : "--port " + port + "; expected 1 to 65535");
        }
        if (!command.getFirst().equals("train")) {
            throw new RunException("launch starts s4 train; got " + command.getFirst()
                    + ". Write e.g. s4 launch --workers 2 train pipeline=mnist");
        }
        List<String> words = command.subList(1, command.size());
        TrainCommand plan = new TrainCommand(parts);
        CommandLine parsed = new CommandLine(plan);
        CommandLine.ParseResult result = parsed.parseArgs(words.toArray(String[]::new));
        if (result.isUsageHelpRequested() || result.isVersionHelpRequested() || plan.printConfig) {
            return parsed.setOut(java.util.Objects.requireNonNull(spec).commandLine().getOut())
                    .execute(words.toArray(String[]::new));
        }
        if (plan.multirun) {
            throw new RunException("launch trains one run; got --multirun. Launch its runs one by one");
        }
        RunDirectory run = plan.planned();
        List<String> own = new ArrayList<>(command);
        if (words.stream().noneMatch(w -> w.startsWith(TrainCommand.RUN_DIR))) {
            own.add(TrainCommand.RUN_DIR + run.path());
        }
        return supervised(own, run, err);
    }

    private int supervised(List<String> words, RunDirectory run, PrintWriter err) throws IOException {
        int restarts = 0;
        while (true) {
            try (Launched all = Launched.start(words, workers, LOCAL, port == null ? freePort() : port, timeout)) {
                Launched.Ending ending = all.await(err);
                boolean again = ending.failed() && ending.code() != Failures.USER && restarts < maxRestarts;
                if (!again) {
                    return ending.code();
                }
            }
            restarts++;
            boolean saved = Files.isRegularFile(run.last());
            err.printf("s4: restart %d of %d %s%n", restarts, maxRestarts, saved
                    ? "from " + run.last()
                    : "from the beginning: no checkpoint was written yet");
            err.flush();
            if (saved && !words.contains(RESUME)) {
                words = resumed(words);
            }
        }
    }

    private static List<String> resumed(List<String> words) {
        List<String> out = new ArrayList<>(words);
        out.removeIf(w -> w.startsWith(TrainCommand.CKPT));
        out.add(1, RESUME);
        return out;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
