package s4j.serve;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsUpgrader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/**
 * All connections, each with its deadlines. The web server's own time-outs are of no use here: a read time-out is a socket's, which its
 * channels do not know, and would not bound a request that comes byte by byte.
 */
final class Lines implements ServerConnectionSelector, AutoCloseable {
    /** Connections are looked at this often in the shorter of their times. */
    private static final int LOOKS = 20;
    private static final long LEAST_MILLIS = 5;

    private final ServerConfig.Lines limits;
    private final Set<Line> open = ConcurrentHashMap.newKeySet();
    private final ServerLog log;
    private final Http1ConnectionSelector http;
    private final Thread watch;

    Lines(ServerConfig.Lines limits, ServerLog log) {
        this.limits = limits;
        this.log = log;
        WsUpgrader sockets = WsUpgrader.create(WsConfig.create());
        this.http = Http1ConnectionSelector.builder()
                .config(Http1Config.builder().addReceiveListener(new Begins()).build())
                .addUpgrader(sockets).build();
        this.watch = Thread.ofPlatform().daemon().name("s4j-lines").start(this::watch);
    }

    /** The first line of a request may have come with the request before, so that nothing was read for it. */
    private static final class Begins implements Http1ConnectionListener {
        @Override
        public void prologue(ConnectionContext ctx, HttpPrologue prologue) { Line.current().arriving(); }
    }

    private void watch() {
        Duration shorter = limits.transfer().compareTo(limits.quiet()) < 0 ? limits.transfer() : limits.quiet();
        long millis = Math.clamp(shorter.toMillis() / LOOKS, LEAST_MILLIS, 1000);
        try {
            while (true) {
                Thread.sleep(millis);
                open.forEach(this::look);
            }
        } catch (InterruptedException e) {
            // the server ends
        }
    }

    private void look(Line line) {
        String late = line.look();
        if (!late.isEmpty()) {
            log.tell("connection closed", "", "connection", line.client(), "reason", late);
        }
    }

    /** Connections that are open. */
    int size() { return open.size(); }

    @Override
    public void close() { watch.interrupt(); }

    @Override
    public int bytesToIdentifyConnection() { return http.bytesToIdentifyConnection(); }

    @Override
    public Support supports(BufferData data) { return http.supports(data); }

    @Override
    public Set<String> supportedApplicationProtocols() { return http.supportedApplicationProtocols(); }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        Line line = new Line(limits, context.remotePeer().host());
        return new Watched(line, http.connection(Watching.of(context, line)), open);
    }

    /** A connection that is looked at while it is served. */
    private record Watched(Line line, ServerConnection own, Set<Line> open)
            implements
                ServerConnection,
                InterruptableTask<Void> {
        @Override
        public void handle(Limit limit) throws InterruptedException {
            open.add(line);
            try {
                line.serve(() -> own.handle(limit));
            } finally {
                open.remove(line);
            }
        }

        @Override
        public Duration idleTime() { return own.idleTime(); }

        @Override
        public void close(boolean interrupt) { own.close(interrupt); }

        @Override
        public boolean canInterrupt() { return own instanceof InterruptableTask<?> task && task.canInterrupt(); }
    }

    /** A context whose reads and writes a line knows of. */
    private record Watching(ConnectionContext own, DataReader dataReader, DataWriter dataWriter)
            implements
                ConnectionContext {
        static Watching of(ConnectionContext own, Line line) {
            HelidonSocket socket = own.serverSocket();
            return new Watching(own, DataReader.create(() -> line.read(() -> read(socket))),
                    line.watched(own.dataWriter()));
        }

        private static byte[] read(HelidonSocket socket) {
            try {
                return socket.get();
            } catch (UncheckedIOException e) {
                throw new ServerConnectionException("the socket failed", e);
            }
        }

        @Override
        public ListenerContext listenerContext() { return own.listenerContext(); }

        @Override
        public ExecutorService executor() { return own.executor(); }

        @Override
        public Router router() { return own.router(); }

        @Override
        public HelidonSocket serverSocket() { return own.serverSocket(); }

        @Override
        public PeerInfo remotePeer() { return own.remotePeer(); }

        @Override
        public PeerInfo localPeer() { return own.localPeer(); }

        @Override
        public boolean isSecure() { return own.isSecure(); }

        @Override
        public String socketId() { return own.socketId(); }

        @Override
        public String childSocketId() { return own.childSocketId(); }
    }
}
