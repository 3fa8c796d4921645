package s4j.serve;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a server listens and what it allows.
 *
 * @param host address to listen at; the loopback address unless told
 * @param port 0: any free one
 * @param tokens of which a request must bear one; empty: none is asked for, which is refused beyond the loopback address
 * @param keystore a PKCS 12 file for TLS; null: plain HTTP
 * @param keystorePassword of it
 * @param store directory of idle streams' states; null: streams live in memory alone and end with the server
 * @param limits what one request or all together may take
 */
public record ServerConfig(String host, int port, List<String> tokens, @Nullable Path keystore,
        @Nullable String keystorePassword, @Nullable StateStore store, Limits limits) {
    /** Safe defaults. */
    public static final ServerConfig DEFAULTS = new ServerConfig("127.0.0.1", 8080, List.of(), null, null, null,
            Limits.DEFAULTS);

    /**
     * Bounds.
     *
     * @param body bytes of a request
     * @param steps of one sequence, or asked for in one generation
     * @param streams open at a time, idle ones in a store not counted
     * @param waiting requests that wait for a model; more are answered 429
     * @param time a request may take; then it is answered 504
     * @param idle after which a stream goes to the store
     * @param batch requests computed together at most
     * @param gather how long the first of a batch waits for others
     * @param lines of connections
     */
    public record Limits(long body, int steps, int streams, int waiting, Duration time, Duration idle, int batch,
            Duration gather, Lines lines) {
        /** What a small machine bears. */
        public static final Limits DEFAULTS = new Limits(16L << 20, 1 << 20, 20_000, 1024, Duration.ofSeconds(30),
                Duration.ofMinutes(5), 64, Duration.ofNanos(200_000), Lines.DEFAULTS);

        /** The same with other connections. */
        public Limits with(Lines other) {
            return new Limits(body, steps, streams, waiting, time, idle, batch, gather, other);
        }

        /**
         * The same with another value of one.
         *
         * @param name body, steps, streams, waiting, time, idle, batch, gather, transfer, quiet or connections
         * @param value a number, or a time such as 200us, 30s, 5m
         */
        public Limits with(String name, String value) { return LimitWords.with(this, name, value); }
    }

    /**
     * What a connection may take.
     *
     * @param transfer from the first byte of a request, or of a frame, to its last; what is sent must be taken in this time too, and a
     *        WebSocket be heard of. Who is slower is closed
     * @param quiet between two requests of a connection; then it is closed
     * @param most connections at a time; more wait
     */
    public record Lines(Duration transfer, Duration quiet, int most) {
        /** A minute of patience, half of it for what has begun. */
        public static final Lines DEFAULTS = new Lines(Duration.ofSeconds(30), Duration.ofSeconds(60), 30_000);
    }

    /** Refuses what would open models to everybody by accident. */
    public ServerConfig {
        tokens = List.copyOf(tokens);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + "; expected 1 to 65535, or 0: any free one");
        }
        if (tokens.stream().anyMatch(t -> t.length() < 16)) {
            throw new IllegalArgumentException(
                    "a token of fewer than 16 characters; expected one that cannot be guessed");
        }
        if (!isLoopback(host) && tokens.isEmpty()) {
            throw new IllegalArgumentException("host " + host
                    + " is not the loopback address and no token is set; expected --token-file, or --host 127.0.0.1");
        }
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }

    /** The same on another port. */
    public ServerConfig at(int other) {
        return new ServerConfig(host, other, tokens, keystore, keystorePassword, store, limits);
    }

    /** The same with other limits. */
    public ServerConfig with(Limits other) {
        return new ServerConfig(host, port, tokens, keystore, keystorePassword, store, other);
    }

    /** The same with a store. */
    public ServerConfig with(StateStore other) {
        return new ServerConfig(host, port, tokens, keystore, keystorePassword, other, limits);
    }

    /** The same with tokens. */
    public ServerConfig with(List<String> others) {
        return new ServerConfig(host, port, others, keystore, keystorePassword, store, limits);
    }
}
