package s4j.spark.train;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.BarrierTaskContext;
import org.jspecify.annotations.Nullable;

/**
 * A worker of a training: {@code s4 train} in a process of its own, started by a task. Its environment is the one that torchrun and its like set.
 *
 * @param command before the words; empty: the java of this executor with its class path
 * @param jvm flags of that java
 * @param words of {@code s4 train}
 * @param timeout seconds that a worker waits for the others
 * @param again whether workers ran before, so that there may be a checkpoint to go on from
 */
record Worker(List<String> command, List<String> jvm, List<String> words, int timeout,
        boolean again) implements Serializable {
    /** In place of the code of a process: the task is gone, and the process with it. */
    static final int LOST = -1;

    private static final int TAIL = 40;
    private static final int POLL_MILLIS = 100;
    private static final String RUN_DIR = "run.dir=";
    private static final String RESUME = "--resume";

    /**
     * How a worker ended.
     *
     * @param rank of it
     * @param code of its process
     * @param lines the last ones that it wrote
     * @param model of rank 0, where it came to its end; else null
     */
    @SuppressWarnings("ArrayRecordComponent") // filled once, then read
    record Ended(int rank, int code, List<String> lines, byte @Nullable [] model) implements Serializable {}

    /** Runs until it ends, in a task of a barrier stage. */
    Ended run(BarrierTaskContext context) throws IOException, InterruptedException {
        int rank = context.partitionId();
        List<String> hosts = Arrays.stream(context.getTaskInfos()).map(t -> host(t.address())).toList();
        Path here = Files.createTempDirectory("s4-worker");
        List<String> own = new ArrayList<>(words);
        if (words.stream().noneMatch(w -> w.startsWith(RUN_DIR))) {
            own.add(RUN_DIR + here.resolve("run"));
        }
        Path run = Path.of(own.stream().filter(w -> w.startsWith(RUN_DIR)).findFirst().orElseThrow().substring(RUN_DIR
                .length()));
        boolean saved = again && Files.isRegularFile(run.resolve("checkpoints/last.safetensors"));
        // rank 0 has the checkpoints, and says for all whether there is one
        String[] said = context.allGather(rank == 0 ? freePort() + (saved ? " " + RESUME : "") : "");
        String[] first = Arrays.stream(said).filter(p -> !p.isEmpty()).findFirst().orElseThrow().split(" ", -1);
        if (first.length > 1 && !own.contains(RESUME)) {
            own.addFirst(RESUME);
        }
        ProcessBuilder builder = new ProcessBuilder(line(own)).directory(here.toFile()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        String host = hosts.get(rank);
        environment.put("RANK", String.valueOf(rank));
        environment.put("WORLD_SIZE", String.valueOf(hosts.size()));
        environment.put("LOCAL_RANK", String.valueOf(hosts.subList(0, rank).stream().filter(host::equals).count()));
        environment.put("LOCAL_WORLD_SIZE", String.valueOf(hosts.stream().filter(host::equals).count()));
        environment.put("MASTER_ADDR", hosts.getFirst());
        environment.put("MASTER_PORT", first[0]);
        environment.put("S4_PEER_TIMEOUT", String.valueOf(timeout));
        environment.put("S4_LAUNCHER", String.valueOf(ProcessHandle.current().pid()));
        environment.putIfAbsent("TORCH_CPP_LOG_LEVEL", "ERROR");
        Process process = builder.start();
        Deque<String> tail = new ArrayDeque<>();
        Thread reader = Thread.ofVirtual().start(() -> read(process, rank, tail));
        try {
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                if (context.isInterrupted()) {
                    throw new InterruptedException("the task was ended");
                }
            }
            reader.join();
        } finally {
            process.destroyForcibly();
        }
        Path model = run.resolve("model.safetensors");
        boolean done = rank == 0 && process.exitValue() == 0 && Files.isRegularFile(model);
        return new Ended(rank, process.exitValue(), List.copyOf(tail), done ? Files.readAllBytes(model) : null);
    }

    /** To the executor's log, and the last ones to the driver. */
    @SuppressWarnings("SystemOut")
    private static void read(Process process, int rank, Deque<String> tail) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.err.println("worker " + rank + ": " + line);
                tail.addLast(line);
                if (tail.size() > TAIL) {
                    tail.removeFirst();
                }
            }
        } catch (IOException e) {
            tail.addLast("its output was lost: " + e.getMessage());
        }
    }

    private List<String> line(List<String> own) {
        List<String> out = new ArrayList<>(command);
        if (command.isEmpty()) {
            out.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            out.addAll(jvm);
            out.addAll(List.of("-cp", classPath(), "s4j.cli.Main"));
        }
        out.add("train");
        out.addAll(own);
        return out;
    }

    /** What the executor was started with, and the jars that came with the application, which go first. */
    private static String classPath() {
        List<String> out = new ArrayList<>();
        for (ClassLoader l = Thread.currentThread().getContextClassLoader(); l != null; l = l.getParent()) {
            if (l instanceof URLClassLoader jars) {
                for (URL url : jars.getURLs()) {
                    out.add(url.getPath());
                }
            }
        }
        out.add(System.getProperty("java.class.path"));
        return String.join(File.pathSeparator, out);
    }

    private static String host(String address) {
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
