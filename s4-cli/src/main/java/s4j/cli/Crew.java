package s4j.cli;

import java.io.IOException;
import s4j.io.Version;
import s4j.torch.Learner;
import s4j.torch.distributed.Group;
import s4j.torch.distributed.PeerException;
import s4j.torch.distributed.World;
import s4j.train.LearnerFactory;
import s4j.train.StopRequest;

/**
 * This process as one of the workers of a job, as the environment says.
 *
 * @param world which one
 * @param group all of them
 */
record Crew(World world, Group group) implements AutoCloseable {
    /** Environment: the process whose end stops a worker. */
    static final String LAUNCHER = "S4_LAUNCHER";

    /** Waits for the others. */
    static Crew join(World world) {
        return new Crew(world, Group.join(world, Version.current()));
    }

    /** Work of a worker. */
    @FunctionalInterface
    interface Job {
        /** Does it and gives the exit code. */
        int run() throws IOException;
    }

    /** Tells the others when it fails, and why. */
    int told(Job job) throws IOException {
        try {
            return job.run();
        } catch (PeerException e) {
            throw e; // they know
        } catch (IOException | RuntimeException | Error e) {
            group.failed(String.valueOf(e.getMessage() == null ? e : e.getMessage()));
            throw e;
        }
    }

    /** Learners that train together, each with its share of the machine's cores. */
    LearnerFactory learners(LearnerFactory alone) {
        return group.size() == 1
                ? alone
                : (network, options) -> Learner.create(network, options.threads() == 0
                        ? options.withThreads(world.threads())
                        : options, group);
    }

    /** Workers whose launcher is killed save and end. */
    static void stopWithLauncher(StopRequest stop) {
        String launcher = System.getenv(LAUNCHER);
        if (launcher != null && launcher.matches("\\d{1,18}")) {
            Thread.ofVirtual().start(() -> {
                ProcessHandle.of(Long.parseLong(launcher)).ifPresent(process -> process.onExit().join());
                stop.request();
            });
        }
    }

    @Override
    public void close() { group.close(); }
}
