package s4j.torch.distributed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Workers that are threads of this JVM: the exchanges are those of processes. */
final class Together {
    static final int SIZE = 3;

    private Together() {}

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static World world(int rank, int size, int port, Duration limit) {
        return new World(rank, size, rank, size, "127.0.0.1", port, limit);
    }

    /** What each of {@link #SIZE} workers makes of its group, by rank. */
    static <T> List<T> all(Function<Group, T> work) {
        int port = freePort();
        return run(SIZE, rank -> {
            try (Group group = Group.join(world(rank, SIZE, port, Duration.ofSeconds(20)), "1")) {
                return work.apply(group);
            }
        });
    }

    /** The same of workers that come together in a way of their own. */
    static <T> List<T> run(int workers, Function<Integer, T> work) {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int rank = 0; rank < workers; rank++) {
                int own = rank;
                futures.add(threads.submit(() -> work.apply(own)));
            }
            List<T> out = new ArrayList<>();
            for (Future<T> future : futures) {
                out.add(future.get());
            }
            return out;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e.getCause() == null ? e : e.getCause());
        }
    }

    /** The message with which each worker fails. */
    static List<String> refused(int workers, Function<Integer, World> world, String version) {
        return run(workers, rank -> {
            try (Group group = Group.join(world.apply(rank), rank == 0 ? "1" : version)) {
                return "came together as rank " + group.rank();
            } catch (WorldException e) {
                return String.valueOf(e.getMessage());
            }
        });
    }
}
