package s4j.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import org.jspecify.annotations.Nullable;

/** The root of the command: what stands under {@code s4 --help}. */
@Command(name = "s4", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        description = "Structured state space sequence models for the JVM.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 train pipeline=mnist model=s4        trains an S4 on MNIST, pixel by pixel",
                "  s4 train --help                         more about training",
                "  s4 launch --workers 2 train pipeline=mnist model=s4   the same with two processes",
                "  s4 compare pipeline=mnist models=s4,lstm  the same size, budget and seeds for each",
                "  s4 sweep pipeline=mnist optimizer.lr=0.001,0.004   every combination of values",
                "  s4 runs --sort accuracy                 what runs reached; s4 runs compare A B what differs",
                "  s4 data series path=FILE                describes a data set, e.g. your own time series",
                "  s4 eval runs/NAME/model.safetensors     tests a trained model",
                "  s4 import ckpt.pth --out m.safetensors  takes over a checkpoint of the official S4",
                "  s4 predict runs/NAME/model.safetensors --input new.csv   classes or numbers of new series",
                "  s4 forecast runs/NAME/model.safetensors --input new.csv  the steps that follow, with intervals",
                "  s4 backtest runs/NAME/model.safetensors --input new.csv  what such forecasts were worth, beside simple models",
                "  s4 reproduce forecasting                the papers' tables beside ours",
                "  s4 generate runs/NAME/model.safetensors a wav from a model of sound",
                "  s4 stream runs/NAME/model.safetensors   predictions step by step, CSV in, CSV out",
                "  s4 serve runs/NAME/model.safetensors    over HTTP, with a page to try it",
                "  s4 listen runs/NAME/model.safetensors --mic    words in a live stream of sound",
                "  s4 verify runs/NAME/model.safetensors   convolution = chunks = steps?",
                "  s4 inspect runs/NAME/model.safetensors  what its layers have learnt",
                "  s4 theory                               what a state remembers of a signal that you draw",
                "  s4 parity DIRECTORY                     compares with the official S4",
                "  s4 bench --quick                        times s4j and its peers"})
final class S4 implements Runnable {
    /** In the order of help. */
    private static final List<String> COMMANDS = List.of("data", "train", "launch", "compare", "sweep", "runs", "eval",
            "generate", "score-audio", "predict", "forecast", "backtest", "reproduce", "stream", "serve", "listen",
            "verify", "inspect", "theory", "import", "export", "parity", "bench");

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = {"-v",
            "--stacktrace"}, scope = ScopeType.INHERIT, description = "Show where in the code an error came from.")
    boolean stacktrace;

    /** The whole command over the given parts, printing to the given writers. */
    static CommandLine commandLine(Parts parts, PrintWriter out, PrintWriter err) {
        return commandLine(parts, Pipes.standard(), out, err);
    }

    /** The same with other standard streams for commands in pipes. */
    static CommandLine commandLine(Parts parts, Pipes pipes, PrintWriter out, PrintWriter err) {
        return commandLine(COMMANDS, parts, pipes, out, err);
    }

    /** The whole command; of one that these words begin with, that one alone, as the others take a tenth of a second to set up. */
    static CommandLine commandLine(String[] words, Parts parts, PrintWriter out, PrintWriter err) {
        boolean known = words.length > 0 && COMMANDS.contains(words[0]);
        return commandLine(known ? List.of(words[0]) : COMMANDS, parts, Pipes.standard(), out, err);
    }

    private static CommandLine commandLine(List<String> commands, Parts parts, Pipes pipes, PrintWriter out,
            PrintWriter err) {
        S4 root = new S4();
        CommandLine line = new CommandLine(root);
        commands.forEach(name -> line.addSubcommand(command(name, parts, pipes)));
        line.setOut(new Terminal(out));
        line.setErr(new Terminal(err));
        // what a terminal acts on comes from nobody, so neither from help
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        // a word that starts with @ is a value, not a file of arguments
        line.setExpandAtFiles(false);
        line.setUsageHelpAutoWidth(true);
        line.setExecutionStrategy(parsed -> run(parsed, line.getErr()));
        line.setExecutionExceptionHandler((e, command, parsed) -> Failures.report(e, line.getErr(), root.stacktrace));
        return line;
    }

    private static Object command(String name, Parts parts, Pipes pipes) {
        return switch (name) {
            case "data" -> new DataCommand(parts);
            case "train" -> new TrainCommand(parts);
            case "launch" -> new CommandLine(new LaunchCommand(parts)).setStopAtPositional(true);
            case "compare" -> new CompareCommand(parts);
            case "sweep" -> new SweepCommand(parts);
            case "runs" -> new RunsCommand();
            case "eval" -> new EvalCommand(parts);
            case "generate" -> new GenerateCommand(pipes);
            case "score-audio" -> new ScoreAudioCommand(parts);
            case "predict" -> new PredictCommand(pipes);
            case "forecast" -> new ForecastCommand(pipes);
            case "backtest" -> new BacktestCommand();
            case "reproduce" -> new ReproduceCommand();
            case "stream" -> new StreamCommand(pipes);
            case "serve" -> new ServeCommand();
            case "listen" -> new ListenCommand(parts, pipes);
            case "verify" -> new VerifyCommand();
            case "inspect" -> new InspectCommand();
            case "theory" -> new TheoryCommand();
            case "import" -> new ImportCommand(parts);
            case "export" -> new ExportCommand(parts);
            case "parity" -> new ParityCommand(parts);
            case "bench" -> new BenchCommand();
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Runs the command; when memory or stack is at its end, that is no fault to show a trace of. */
    private static int run(CommandLine.ParseResult parsed, PrintWriter err) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (OutOfMemoryError e) {
            return Failures.exhausted("memory: " + e.getMessage()
                    + ". Give it more (S4_HEAP=8g), or less to do: shorter sequences, a smaller batch, d_model or d_state",
                    err);
        } catch (StackOverflowError e) {
            return Failures.exhausted("stack: something in the input is nested too deeply", err);
        }
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(),
                    "no command; expected " + String.join(", ", COMMANDS.subList(0, COMMANDS.size() - 1)) + " or "
                            + COMMANDS.getLast());
        }
    }
}
