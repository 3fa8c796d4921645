package s4j.cli;

import java.io.IOException;
import java.io.InputStream;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.TargetDataLine;
import s4j.train.run.RunException;

/** Sound from outside, 16 bits, one channel, little-endian, in packets. */
final class Microphone {
    private static final int BYTES = 640;
    private static final float UNIT = 32768;

    /** Takes packets of samples; the array is used again. */
    @FunctionalInterface
    interface Packets {
        void accept(float[] samples, int count);
    }

    /** From the microphone, until the process is ended. */
    static void listen(int rate, Packets to) throws IOException {
        AudioFormat format = new AudioFormat(rate, 16, 1, true, false);
        DataLine.Info line = new DataLine.Info(TargetDataLine.class, format);
        if (!AudioSystem.isLineSupported(line)) {
            throw new RunException("--mic: there is no microphone of " + rate
                    + " Hz here; expected one. Use --input FILE, or a program that records into --input -");
        }
        try (TargetDataLine in = (TargetDataLine) AudioSystem.getLine(line)) {
            in.open(format);
            in.start();
            byte[] bytes = new byte[BYTES];
            float[] samples = new float[BYTES / 2];
            for (int n = in.read(bytes, 0, BYTES); n > 0; n = in.read(bytes, 0, BYTES)) {
                to.accept(samples, decode(bytes, n, samples));
            }
        } catch (LineUnavailableException e) {
            throw new RunException("--mic: " + e.getMessage() + "; expected a microphone that nobody else uses");
        }
    }

    /** From a stream to its end. */
    static void read(InputStream in, Packets to) throws IOException {
        byte[] bytes = new byte[BYTES];
        float[] samples = new float[BYTES / 2];
        int held = 0;
        for (int n = in.read(bytes, held, BYTES - held); n >= 0; n = in.read(bytes, held, BYTES - held)) {
            int all = held + n;
            to.accept(samples, decode(bytes, all, samples));
            held = all % 2;
            bytes[0] = bytes[Math.max(0, all - 1)];
        }
    }

    private static int decode(byte[] bytes, int n, float[] to) {
        for (int i = 0; i + 1 < n; i += 2) {
            to[i / 2] = (short) ((bytes[i] & 0xff) | bytes[i + 1] << 8) / UNIT;
        }
        return n / 2;
    }

    private Microphone() {}
}
