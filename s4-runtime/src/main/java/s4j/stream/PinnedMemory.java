package s4j.stream;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A defect of some JVMs: before 25.0.3 the G1 collector of a JDK 25 may move memory that native code holds (JDK-8377811), which corrupts
 * data without a word. {@code ./s4} uses another collector; whoever embeds s4j may not.
 */
final class PinnedMemory {
    private static final int FEATURE = 25;
    private static final int MENDED = 3;
    private static final AtomicBoolean LOOKED = new AtomicBoolean();

    private PinnedMemory() {}

    /** Says so once, in the log. */
    static void warn() {
        if (LOOKED.compareAndSet(false, true)) {
            String warning = warning(Runtime.version(), ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .map(GarbageCollectorMXBean::getName).toList());
            if (warning != null) {
                System.getLogger("s4j").log(System.Logger.Level.WARNING, warning);
            }
        }
    }

    /** What is wrong with a JVM; null: nothing. */
    static @Nullable String warning(Runtime.Version java, List<String> collectors) {
        boolean defect = java.feature() == FEATURE && java.interim() == 0 && java.update() < MENDED;
        return defect && collectors.stream().anyMatch(name -> name.startsWith("G1"))
                ? "Java " + java + " with the G1 collector may move memory that native code holds (JDK-8377811);"
                        + " expected Java 25.0.3 or newer, or another collector. Add -XX:+UseParallelGC"
                : null;
    }
}
