package s4j.spark;

import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Two workers in JVMs of their own, once for all tests of this JVM. */
public final class Cluster implements BeforeAllCallback {
    private static final int EXECUTORS = 2;
    private static final int PATIENCE_SECONDS = 60;
    private static final SparkSession SESSION = start();

    /** For JUnit; the session ends with the last test. */
    public Cluster() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).getOrComputeIfAbsent("spark",
                _ -> (AutoCloseable) SESSION::stop);
    }

    /** The session. */
    public static SparkSession spark() { return SESSION; }

    /** Kills the JVM of one executor, which the cluster then starts again. */
    public static void kill() {
        // local workers start their executors as children of this JVM
        var one = ProcessHandle.current().children().findFirst().orElseThrow();
        if (!one.destroyForcibly()) {
            throw new AssertionError("it cannot be killed");
        }
    }

    /** Waits until all executors are there, e.g. after one was killed. */
    public static void whole() throws InterruptedException {
        for (int i = 0; i < PATIENCE_SECONDS * 10; i++) {
            // the driver is among them
            if (SESSION.sparkContext().statusTracker().getExecutorInfos().length == EXECUTORS + 1) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("an executor that was lost does not come back");
    }

    private static SparkSession start() {
        return SparkSession.builder().master("local-cluster[" + EXECUTORS + ",1,512]").appName("s4j")
                .config("spark.ui.enabled", false)
                .config("spark.executor.memory", "512m").config("spark.executor.extraClassPath", System.getProperty(
                        "java.class.path"))
                .config("spark.executor.extraJavaOptions", JavaModuleOptions.defaultModuleOptions()).config(
                        "spark.sql.shuffle.partitions", 4)
                .config("spark.driver.host", "127.0.0.1").config("spark.shuffle.io.retryWait", "200ms").getOrCreate();
    }
}
