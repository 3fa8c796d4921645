package s4j.torch.distributed;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which worker of how many this process is, and where they meet: the environment that torchrun and its like set.
 *
 * @param rank of this worker, from 0; rank 0 keeps the list of all
 * @param size workers
 * @param localRank of this worker on its machine
 * @param localSize workers on its machine
 * @param host where rank 0 listens
 * @param port where rank 0 listens
 * @param limit how long a worker waits for the others
 */
public record World(int rank, int size, int localRank, int localSize, String host, int port, Duration limit) {
    /** Keys of the environment. */
    public static final String RANK = "RANK";
    public static final String SIZE = "WORLD_SIZE";
    public static final String LOCAL_RANK = "LOCAL_RANK";
    public static final String LOCAL_SIZE = "LOCAL_WORLD_SIZE";
    public static final String HOST = "MASTER_ADDR";
    public static final String PORT = "MASTER_PORT";
    /** Seconds that a worker waits for the others; our own. */
    public static final String LIMIT = "S4_PEER_TIMEOUT";

    /** One worker alone. */
    public static final World ALONE = new World(0, 1, 0, 1, "127.0.0.1", 0, Duration.ofMinutes(5));

    private static final int MOST = 100_000;

    /**
     * Of an environment; {@link #ALONE} where it has neither RANK nor WORLD_SIZE.
     *
     * @throws WorldException that names a key that is missing or wrong
     */
    public static World of(Map<String, String> environment) {
        if (!environment.containsKey(RANK) && !environment.containsKey(SIZE)) {
            return ALONE;
        }
        for (String key : List.of(RANK, SIZE)) {
            if (!environment.containsKey(key)) {
                throw new WorldException("the environment has no %s, but %s; expected both, as ./s4 launch sets them"
                        .formatted(key, key.equals(RANK) ? SIZE : RANK));
            }
        }
        int size = number(environment, SIZE, 1, MOST, null);
        int rank = number(environment, RANK, 0, size - 1, null);
        int limit = number(environment, LIMIT, 1, 1_000_000, (int) ALONE.limit.toSeconds());
        if (size == 1) {
            return ALONE;
        }
        for (String key : List.of(HOST, PORT)) {
            if (!environment.containsKey(key)) {
                throw new WorldException("the environment has %s=%d and no %s; expected the place where rank 0 listens"
                        .formatted(SIZE, size, key));
            }
        }
        int localSize = number(environment, LOCAL_SIZE, 1, size, 1);
        int localRank = number(environment, LOCAL_RANK, 0, MOST, 0);
        return new World(rank, size, localRank, localSize, environment.getOrDefault(HOST, ""),
                number(environment, PORT, 1, 65_535, null), Duration.ofSeconds(limit));
    }

    private static int number(Map<String, String> environment, String key, int least, int most,
            @Nullable Integer otherwise) {
        String text = environment.get(key);
        if (text == null && otherwise != null) {
            return otherwise;
        }
        int value;
        try {
            value = Integer.parseInt(String.valueOf(text).strip());
        } catch (NumberFormatException e) {
            throw new WorldException(key + "=" + text + " in the environment; expected a whole number", e);
        }
        if (value < least || value > most) {
            throw new WorldException("%s=%d in the environment; expected %d to %d%s".formatted(key, value, least, most,
                    key.equals(RANK) ? ": ranks count from 0 to WORLD_SIZE - 1" : ""));
        }
        return value;
    }

    /** A share of this machine's cores for each of its workers. */
    public int threads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / localSize);
    }

    /** {@code host:port}. */
    String place() { return host + ":" + port; }
}
