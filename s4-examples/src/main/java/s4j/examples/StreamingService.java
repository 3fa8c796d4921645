package s4j.examples;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import s4j.io.MalformedFileException;
import s4j.model.SequenceBatch;
import s4j.stream.S4Model;
import s4j.stream.Session;

/**
 * Live streams of one model in a plain Java service: each client has a session of its own, values come in one step at a time
 * from any thread, and a stream can move to another service in the middle. Run it with a model file, or without one for an
 * untrained model.
 */
public final class StreamingService {
    private static final int CLIENTS = 100;
    private static final int STEPS = 200;
    private static final int THREADS = 4;
    private static final int MOVED = 7;

    /** The service. */
    private record Service(S4Model model, Map<String, Session> sessions) {
        Service(S4Model model) { this(model, new ConcurrentHashMap<>()); }

        float[] step(String client, float... x) {
            Session session = sessions.computeIfAbsent(client, name -> model.newSession());
            synchronized (session) { // a session is for one thread at a time; different ones run side by side
                return session.step(x).clone();
            }
        }

        byte[] snapshot(String client) {
            Session session = sessions.computeIfAbsent(client, name -> model.newSession());
            synchronized (session) {
                return session.snapshot();
            }
        }

        void restore(String client, byte[] snapshot) throws MalformedFileException {
            sessions.put(client, model.session(model.restore(snapshot)));
        }
    }

    /** Compares the last outputs with those of whole sequences by convolution; exits with 1 when they differ. */
    public static void main(String[] args) throws IOException {
        S4Model model = S4Model.load(UntrainedModel.valuesOr(args));
        Service service = new Service(model);
        float[][] last = new float[CLIENTS][];
        serve(service, 0, STEPS / 2, last);
        Service other = new Service(model); // as in another process, which loads the same file
        other.restore(name(MOVED), service.snapshot(name(MOVED)));
        serve(service, STEPS / 2, STEPS, last);
        float[] moved = {};
        for (int t = STEPS / 2; t < STEPS; t++) {
            moved = other.step(name(MOVED), input(model, MOVED, t));
        }
        double worst = 0;
        for (int i = 0; i < CLIENTS; i++) {
            worst = Math.max(worst, distance(last[i], whole(model, i)));
        }
        boolean same = Arrays.equals(last[MOVED], moved);
        System.out.printf(Locale.ROOT, "%d streams of %d steps on %d threads, %d floats of state each%n", CLIENTS,
                STEPS,
                THREADS, model.stateSize());
        System.out.println("the moved stream goes on to the same bits: " + same);
        System.out.printf(Locale.ROOT, "max |step - convolution| = %.1e%n", worst);
        System.exit(same && worst < 1e-4 ? 0 : 1);
    }

    /** Steps of all clients; each thread plays the clients of one remainder. */
    private static void serve(Service service, int from, int to, float[][] last) {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                threads.execute(() -> {
                    for (int t = from; t < to; t++) {
                        for (int i = first; i < CLIENTS; i += THREADS) {
                            last[i] = service.step(name(i), input(service.model(), i, t));
                        }
                    }
                });
            }
        }
    }

    private static String name(int client) { return "client " + client; }

    /** What a client sends at a step: normal values, or a token. */
    private static float[] input(S4Model model, int client, int t) {
        SplittableRandom random = new SplittableRandom(1000L * client + t);
        boolean token = model.config().encoder().tokens();
        float[] x = new float[model.dInput()];
        for (int i = 0; i < x.length; i++) {
            x[i] = token ? random.nextInt(model.config().dInput()) : (float) random.nextGaussian();
        }
        return x;
    }

    /** The last output of all steps at once. */
    private static float[] whole(S4Model model, int client) {
        float[] x = new float[STEPS * model.dInput()];
        for (int t = 0; t < STEPS; t++) {
            System.arraycopy(input(model, client, t), 0, x, t * model.dInput(), model.dInput());
        }
        float[] y = model.forward(new SequenceBatch(1, STEPS, model.dInput(), x, new int[1]));
        return Arrays.copyOfRange(y, y.length - model.dOutput(), y.length);
    }

    private static double distance(float[] a, float[] b) {
        double worst = 0;
        for (int i = 0; i < a.length; i++) {
            worst = Math.max(worst, Math.abs(a[i] - b[i]));
        }
        return worst;
    }

    private StreamingService() {}
}
