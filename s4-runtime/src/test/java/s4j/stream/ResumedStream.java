package s4j.stream;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import s4j.kernel.Backend;

/** A process of its own: restores the snapshot in a file, takes steps, and writes their outputs into another. */
final class ResumedStream {
    static final int STEPS = 37;
    static final int SEED = 8;

    /** Arguments: snapshot, outputs. */
    public static void main(String[] args) throws Exception {
        S4Model model = TinyModels.model(TinyModels.sashimi(false), Backend.best());
        Session session = model.session(model.restore(Files.readAllBytes(Path.of(args[0]))));
        Files.write(Path.of(args[1]), steps(session), StandardOpenOption.CREATE_NEW);
    }

    /** The outputs of the steps as bytes. */
    static byte[] steps(Session session) {
        float[] x = TinyModels.noise(2 * STEPS, SEED);
        ByteBuffer out = ByteBuffer.allocate(4 * 3 * STEPS);
        for (int t = 0; t < STEPS; t++) {
            for (float y : session.step(x[2 * t], x[2 * t + 1])) {
                out.putFloat(y);
            }
        }
        return out.array();
    }

    private ResumedStream() {}
}
