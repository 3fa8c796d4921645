package s4j.serve;

import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRouting;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Serves model files over HTTP: the Open Inference Protocol (version 2) for whole sequences, streams as resources and over
 * WebSockets, generation as events and as sound, a page to try all of it. Closing it lets running requests end and sends all streams
 * to the store.
 *
 * <pre>
 * try (S4Server server = S4Server.start(List.of(Path.of("model.safetensors")), ServerConfig.DEFAULTS, System.out::println)) {
 *     ...
 * }
 * </pre>
 */
public final class S4Server implements AutoCloseable {
    private static final Duration TIDY = Duration.ofSeconds(1);

    private final ServerConfig config;
    private final WebServer web;
    private final Api api;
    private final OpenStreams streams;
    private final Stepping stepping;
    private final Inference inference;
    private final Thread tidying;
    private final Lines lines;
    private final ServerLog log;

    private S4Server(ModelShelf models, ServerConfig config, @Nullable SSLContext keys, @Nullable Path journal,
            ServerLog log) throws IOException {
        this.config = config;
        this.log = log;
        this.streams = new OpenStreams(models, config.limits(), config.store(), journal, log);
        this.lines = new Lines(config.limits().lines(), log);
        Meters meters = new Meters(streams::size, lines::size);
        this.stepping = new Stepping(streams, config.limits(), meters);
        this.inference = new Inference(config.limits(), streams, stepping);
        Guard guard = new Guard(config.tokens());
        this.api = new Api(new Api.Parts(models, streams, stepping, inference, new Generation(config.limits()),
                meters, guard), config.limits(), log);
        HttpRouting.Builder http = HttpRouting.builder();
        api.install(http);
        WsRouting.Builder sockets = WsRouting.builder().endpoint("/v1/models/{name}/stream",
                () -> new StreamSocket(models, guard, streams, stepping, config.limits().body()));
        Semaphore listeners = new Semaphore(config.limits().batch());
        sockets.endpoint("/v1/models/{name}/listen", () -> new ListenSocket(models, guard, listeners));
        WebServerConfig.Builder builder = WebServer.builder().host(config.host()).port(config.port())
                .maxPayloadSize(config.limits().body()).shutdownGracePeriod(config.limits().time())
                .protocolsDiscoverServices(false).addProtocol(WsConfig.create()).addConnectionSelector(lines)
                .maxTcpConnections(config.limits().lines().most())
                .shutdownHook(false)
                .addRouting(http).addRouting(sockets);
        if (keys != null) {
            builder.tls(Tls.builder().sslContext(keys).build());
        }
        this.web = builder.build();
        this.tidying = Thread.ofPlatform().daemon().name("s4j-tidy").start(() -> tidy(models));
    }

    private void tidy(ModelShelf models) {
        try {
            while (true) {
                Thread.sleep(TIDY);
                try {
                    models.reload(log);
                    streams.tidy();
                    inference.tidy(models);
                    stepping.tidy(models);
                } catch (IOException | RuntimeException e) {
                    log.tell("error", "tidying: " + e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            // the server ends
        }
    }

    /**
     * Reads models and listens.
     *
     * @param say told what happens, a line each
     * @throws IOException when a model cannot be read or the port is taken
     */
    public static S4Server start(List<Path> models, ServerConfig config, Consumer<String> say) throws IOException {
        return start(models, config, null, ServerLog.words(say));
    }

    /**
     * The same with a journal: what streams were given since they were stored last, so that a killed server loses nothing it answered.
     *
     * @param journal its directory; null: none
     * @param log told what happens
     */
    public static S4Server start(List<Path> models, ServerConfig config, @Nullable Path journal, ServerLog log)
            throws IOException {
        ModelShelf shelf = ModelShelf.of(models);
        requireFree(config);
        SSLContext keys = config.keystore() == null
                ? null
                : Keystore.read(config.keystore(), config.keystorePassword());
        S4Server server = new S4Server(shelf, config, keys, journal, log);
        server.web.start();
        if (!server.web.isRunning()) { // it only logs why
            server.close();
            throw new IOException("cannot listen at %s:%d".formatted(config.host(), config.port()));
        }
        log.tell("started", "", "address", server.address(), "models", shelf.all().stream().map(Served::name).toList());
        return server;
    }

    private static void requireFree(ServerConfig config) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(config.host(), config.port()));
        } catch (IOException e) {
            BindException refused = new BindException("cannot listen at %s:%d: %s. Choose another --host or --port"
                    .formatted(config.host(), config.port(), e.getMessage()));
            refused.initCause(e);
            throw refused;
        }
    }

    /** Where it listens. */
    public String address() {
        String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
        return (config.keystore() == null ? "http" : "https") + "://" + host + ":" + web.port();
    }

    @Override
    public void close() throws IOException {
        api.drain();
        log.tell("draining", "");
        tidying.interrupt();
        web.stop();
        lines.close();
        inference.close();
        stepping.close();
        streams.close();
        if (config.store() != null) {
            config.store().close();
        }
        log.tell("ended", "");
    }
}
