package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.io.InputFile;
import s4j.serve.FileStore;
import s4j.serve.JdbcStore;
import s4j.serve.S4Server;
import s4j.serve.ServerConfig;
import s4j.serve.ServerLog;
import s4j.serve.StateStore;
import s4j.train.StopRequest;
import s4j.train.run.RunException;

/** {@code s4 serve}: models over HTTP. */
@Command(name = "serve", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Serves models over HTTP: predictions of whole sequences (Open Inference Protocol v2), streams step by step over"
                + " REST and WebSocket, text and sound while they are generated, and a page to try them. Plain Java; libtorch is"
                + " not used. A model file that is replaced is read again.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 serve runs/NAME/model.safetensors                 then open http://127.0.0.1:8080/",
                "  s4 serve a.safetensors b.safetensors --store streams/ streams survive a restart, and a kill",
                "  s4 serve m.safetensors --store jdbc:postgresql://HOST/DB   idle streams in a database (driver in S4_CLASSPATH)",
                "  s4 serve m.safetensors --host 0.0.0.0 --token-file token.txt --keystore tls.p12",
                "",
                "SIGTERM or Ctrl-C lets running requests end, stores all streams and ends. The paths are described at",
                "/openapi.json, counted at /metrics."})
final class ServeCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 50;
    /** Held, as a logger that nobody holds forgets its level. What it would tell is told in the command's own words. */
    private static final Logger WEB = Logger.getLogger("io.helidon");

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "MODEL", description = "Model files that s4 train or s4 import wrote.")
    List<Path> models = List.of();

    @Option(names = "--host", paramLabel = "ADDRESS",
            description = "Listen here (${DEFAULT-VALUE}); beyond this machine only with --token-file.")
    String host = ServerConfig.DEFAULTS.host();

    @Option(names = "--port", paramLabel = "N",
            description = "Listen at this port (${DEFAULT-VALUE}); 0: any free one.")
    int port = ServerConfig.DEFAULTS.port();

    @Option(names = "--token-file", paramLabel = "FILE",
            description = "Answer only those who bear one of the tokens in this file, one a line, as Authorization: Bearer TOKEN.")
    @Nullable
    Path tokens;

    @Option(names = "--limit", paramLabel = "NAME=VALUE",
            description = "Another limit, e.g. --limit body=1000000 --limit idle=10m: body (bytes), steps, streams, waiting, batch,"
                    + " connections; time, idle, gather, transfer, quiet (200us, 30s, 5m).")
    Map<String, String> limits = new LinkedHashMap<>();

    @Option(names = "--log", paramLabel = "words|json",
            description = "How to tell what happens: ${DEFAULT-VALUE}, models and failures for people; or json, a line for every request,"
                    + " stream, model and connection.")
    LogLines log = LogLines.words;

    /** For people or for machines. */
    enum LogLines {
        words, json
    }

    @Option(names = "--keystore", paramLabel = "FILE",
            description = "Serve HTTPS with the key in this PKCS 12 file; its password stands in S4_KEYSTORE_PASSWORD.")
    @Nullable
    Path keystore;

    @Option(names = "--store", paramLabel = "DIRECTORY|JDBC-URL",
            description = "Keep streams here while nobody steps them and when the server ends.")
    @Nullable
    String store;

    @Option(names = "--journal", paramLabel = "DIRECTORY",
            description = "Write down what streams are given before it is answered, so that nothing answered is lost when the server is"
                    + " killed; DIRECTORY/journal of a store that is a directory.")
    @Nullable
    Path journal;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("called without being parsed");
        }
        WEB.setLevel(Level.OFF);
        PrintWriter out = spec.commandLine().getOut();
        long start = System.nanoTime();
        if (journal != null && store == null) {
            throw new RunException("--journal without --store; expected a store that the journal goes on from");
        }
        ServerConfig config;
        try {
            config = new ServerConfig(host, port, tokens(), keystore, System.getenv("S4_KEYSTORE_PASSWORD"), store(),
                    limits());
        } catch (IllegalArgumentException e) {
            throw new RunException(String.valueOf(e.getMessage()));
        }
        ServerLog lines = log(out);
        try (StopRequest stop = StopRequest.onSignals();
                S4Server server = S4Server.start(models, config, journal(), lines)) {
            long millis = (System.nanoTime() - start) / 1_000_000;
            lines.tell("ready", "serving at %s/ (%d ms)".formatted(server.address(), millis), "ms", millis);
            while (!stop.requested()) {
                Thread.sleep(LOOK_MILLIS);
            }
            lines.tell("ending", "ending: running requests end, streams are stored");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalArgumentException e) {
            throw new RunException(String.valueOf(e.getMessage()));
        }
        return 0;
    }

    private ServerConfig.Limits limits() {
        ServerConfig.Limits out = ServerConfig.Limits.DEFAULTS;
        for (Map.Entry<String, String> limit : limits.entrySet()) {
            out = out.with(limit.getKey(), limit.getValue());
        }
        return out;
    }

    private ServerLog log(PrintWriter out) {
        return log == LogLines.json ? ServerLog.json(line -> say(out, line)) : ServerLog.words(line -> say(out, line));
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }

    private List<String> tokens() throws IOException {
        if (tokens == null) {
            return List.of();
        }
        List<String> found = InputFile.lines(tokens).stream().map(String::strip).filter(t -> !t.isEmpty()).toList();
        if (found.isEmpty()) { // who names a file does not mean to serve everybody
            throw new RunException(
                    "--token-file " + tokens + ": no token in it; expected one a line, 16 characters or more");
        }
        return found;
    }

    private @Nullable StateStore store() throws IOException {
        if (store == null) {
            return null;
        }
        if (!store.startsWith("jdbc:")) {
            return new FileStore(Destinations.directory("--store", Path.of(store)));
        }
        try {
            return new JdbcStore(store);
        } catch (IOException e) { // the address is not shown: it may hold a password
            throw new RunException(
                    "--store: " + e.getMessage() + "; expected a database that answers, with its driver on"
                            + " S4_CLASSPATH",
                    e);
        }
    }

    private @Nullable Path journal() {
        return journal != null
                ? Destinations.directory("--journal", journal)
                : store == null || store.startsWith("jdbc:") ? null : Path.of(store, "journal");
    }
}
