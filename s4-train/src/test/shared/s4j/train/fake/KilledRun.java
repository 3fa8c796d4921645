package s4j.train.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import s4j.train.LearnerFactory;
import s4j.train.Outcome;
import s4j.train.StopRequest;

/**
 * A process that trains and, after some steps, says so and waits to be killed or sent a signal. Arguments: run directory,
 * class of the {@link LearnerFactory}, steps, then keys of the configuration.
 */
public final class KilledRun {
    /** Makes stand-ins. */
    public static final class Fakes implements LearnerFactory {
        @Override
        public s4j.torch.Learner create(s4j.model.NetworkConfig network, s4j.torch.LearnerOptions options) {
            return new FakeLearner(network, options);
        }
    }

    /** Trains until killed. */
    public static void main(String[] args) throws Exception {
        Path run = Path.of(args[0]);
        LearnerFactory factory = factory(args[1]);
        int steps = Integer.parseInt(args[2]);
        String[] overrides = java.util.Arrays.copyOfRange(args, 3, args.length);
        try (StopRequest stop = StopRequest.onSignals()) {
            Outcome outcome = TinyRun.in(run, overrides).with(stop).with((network, options) -> new StoppingLearner(
                    factory.create(network, options), steps, () -> wait(run, stop))).go();
            if (outcome instanceof Outcome.Finished) {
                throw new IllegalStateException("nobody stopped it");
            }
        }
    }

    /** The factory of that name. */
    public static LearnerFactory factory(String name) throws ReflectiveOperationException {
        return Class.forName(name).asSubclass(LearnerFactory.class).getDeclaredConstructor().newInstance();
    }

    private static void wait(Path run, StopRequest stop) {
        try {
            Files.createFile(run.resolve("waiting"));
            while (!stop.requested()) {
                Thread.sleep(20);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private KilledRun() {}
}
