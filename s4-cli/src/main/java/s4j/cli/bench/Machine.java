package s4j.cli.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What the figures were measured on, for people. */
public final class Machine {
    private static final double BUSY = 0.5;

    private Machine() {}

    /** Processor, cores, memory, system. */
    public static String describe() {
        return "%s, %d cores, %s GB, %s %s %s".formatted(processor(), Runtime.getRuntime().availableProcessors(),
                memory(),
                System.getProperty("os.name"), System.getProperty("os.version"), System.getProperty("os.arch"));
    }

    private static String processor() { return field(Path.of("/proc/cpuinfo"), "model name", "unknown processor"); }

    private static String memory() {
        String kilobytes = field(Path.of("/proc/meminfo"), "MemTotal", "").replaceAll("[^0-9]", "");
        return kilobytes.isEmpty() ? "?" : String.format(Locale.ROOT, "%.0f", Long.parseLong(kilobytes) * 1024 / 1e9);
    }

    private static String field(Path file, String key, String otherwise) {
        try {
            List<String> lines = Files.isReadable(file) ? Files.readAllLines(file) : List.of();
            return lines.stream().filter(s -> s.startsWith(key)).map(s -> s.substring(s.indexOf(':') + 1).strip())
                    .findFirst().orElse(otherwise);
        } catch (IOException e) {
            return otherwise;
        }
    }

    /** A warning if other programs use the processor; empty: none do, or nobody knows. */
    public static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load > BUSY
                ? String.format(Locale.ROOT, "load average %.1f at the start: other programs run, figures will be off",
                        load)
                : "";
    }
}
