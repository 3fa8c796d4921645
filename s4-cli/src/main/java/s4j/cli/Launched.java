package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import s4j.torch.distributed.World;

/** The worker processes of a job: when one fails, the others are given a while to notice, then ended. */
final class Launched implements AutoCloseable {
    /** In which a worker notices that another is gone, says so and ends by itself. */
    private static final int GRACE_SECONDS = 15;
    private static final int POLL_MILLIS = 50;
    private static final int SIGNALS = 128;
    private static final int KILLED = SIGNALS + 9;
    /** A worker that was asked to stop, by Ctrl-C, or by SIGTERM. */
    private static final List<Integer> STOPPED = List.of(130, 143);

    private final List<Process> processes;
    private final Thread hook = new Thread(this::stopAll, "s4-launch-stop");

    private Launched(List<Process> processes) {
        this.processes = processes;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * How a job ended.
     *
     * @param code of the worker that ended first by itself with another one than 0; else 0
     * @param failed whether that was a failure, no stop
     */
    record Ending(int code, boolean failed) {}

    /** Starts this same program so many times. */
    static Launched start(List<String> words, int workers, String host, int port, @Nullable Integer timeout)
            throws IOException {
        List<String> command = command(ManagementFactory.getRuntimeMXBean().getInputArguments(), words, Math.max(1,
                Runtime.getRuntime().availableProcessors() / workers));
        List<Process> processes = new ArrayList<>();
        for (int rank = 0; rank < workers; rank++) {
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            Map<String, String> environment = builder.environment();
            environment.put(World.RANK, String.valueOf(rank));
            environment.put(World.SIZE, String.valueOf(workers));
            environment.put(World.LOCAL_RANK, String.valueOf(rank));
            environment.put(World.LOCAL_SIZE, String.valueOf(workers));
            environment.put(World.HOST, host);
            environment.put(World.PORT, String.valueOf(port));
            environment.put(Crew.LAUNCHER, String.valueOf(ProcessHandle.current().pid()));
            // its warnings are stack traces of what this command says in a line
            environment.putIfAbsent("TORCH_CPP_LOG_LEVEL", "ERROR");
            if (timeout != null) {
                environment.put(World.LIMIT, String.valueOf(timeout));
            }
            processes.add(builder.start());
        }
        return new Launched(processes);
    }

    /** A JVM like this one; its collector has the worker's share of the cores, unless somebody said otherwise. */
    static List<String> command(List<String> arguments, List<String> words, int cores) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:ParallelGCThreads=" + cores);
        command.addAll(arguments); // of two the later one holds
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(words);
        return command;
    }

    /** Waits until all have ended. */
    Ending await(PrintWriter err) {
        try {
            Ending first = null;
            long deadline = Long.MAX_VALUE;
            while (processes.stream().anyMatch(Process::isAlive)) {
                first = first == null ? first(err) : first;
                if (first != null && first.failed()) {
                    deadline = Math.min(deadline, System.nanoTime() + TimeUnit.SECONDS.toNanos(GRACE_SECONDS));
                }
                if (System.nanoTime() > deadline) {
                    processes.stream().filter(Process::isAlive).forEach(Process::destroyForcibly);
                }
                Thread.sleep(POLL_MILLIS);
            }
            first = first == null ? first(err) : first;
            // a mistake of the user ends all workers; those that only hear of it may be gone first, with another code
            boolean mistake = processes.stream().anyMatch(p -> p.exitValue() == Failures.USER);
            return first == null
                    ? new Ending(0, false)
                    : first.failed() && mistake ? new Ending(Failures.USER, true) : first;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ending(SIGNALS + 2, false);
        }
    }

    /** The worker that a signal killed, or the first that ended with another code than 0; null: none yet. */
    private @Nullable Ending first(PrintWriter err) {
        Ending found = null;
        for (int rank = 0; rank < processes.size(); rank++) {
            Process p = processes.get(rank);
            if (p.isAlive() || p.exitValue() == 0) {
                continue;
            }
            int code = p.exitValue();
            boolean failed = !STOPPED.contains(code);
            if (failed) {
                err.printf("s4: worker %d ended with exit code %d%s; the job ends%n", rank, code,
                        code > SIGNALS
                                ? code == KILLED
                                        ? " (killed: signal 9, e.g. out of memory)"
                                        : " (signal " + (code - SIGNALS) + ")"
                                : "");
                err.flush();
            }
            found = found == null || failed ? new Ending(code, failed) : found;
        }
        return found;
    }

    private void stopAll() {
        processes.forEach(Process::destroy);
        for (Process p : processes) {
            try {
                p.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        processes.stream().filter(Process::isAlive).forEach(Process::destroyForcibly);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // this process is ending, and the hook waits for the workers
        }
    }
}
