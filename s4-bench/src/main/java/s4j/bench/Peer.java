package s4j.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import s4j.torch.distributed.World;

/**
 * The second of two workers, a process of its own.
 *
 * @param process of rank 1
 * @param first the place of rank 0, which this process has
 */
record Peer(Process process, World first) implements AutoCloseable {
    /** Starts {@code main} with the arguments, in a JVM like this one. */
    static Peer start(Class<?> main, String... arguments) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(World.RANK, "1", World.SIZE, "2", World.HOST,
                "127.0.0.1", World.PORT, String.valueOf(freePort())));
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(a -> !a.startsWith(
                "-XX:CompileCommand")).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        Collections.addAll(command, arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD);
        builder.environment().putAll(environment);
        Process process = builder.start();
        environment.put(World.RANK, "0");
        return new Peer(process, World.of(environment));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() { process.destroyForcibly(); }
}
