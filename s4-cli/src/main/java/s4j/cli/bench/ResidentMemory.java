package s4j.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The resident memory of this process on Linux, in bytes. */
final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    private ResidentMemory() {}

    /** Gives back what is garbage, so that the baseline does not hide a need. */
    static void collect() { System.gc(); }

    /** Lets the peak start again from now; returns what is resident now. */
    static long startPeak() throws IOException {
        if (!Files.isWritable(CLEAR)) {
            throw new IOException("memory is measured on Linux only: no " + CLEAR);
        }
        Files.writeString(CLEAR, "5");
        return bytes("VmRSS:");
    }

    /** The largest resident size since then. */
    static long peak() throws IOException { return bytes("VmHWM:"); }

    private static long bytes(String key) throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(key)) {
                return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no " + key + " in " + STATUS);
    }
}
