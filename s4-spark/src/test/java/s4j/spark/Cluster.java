package s4j.spark;

import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Two workers in JVMs of their own, once for all tests of this JVM. */
public final class Cluster implements BeforeAllCallback {
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

    private static SparkSession start() {
        return SparkSession.builder().master("local-cluster[2,1,512]").appName("s4j").config("spark.ui.enabled", false)
                .config("spark.executor.memory", "512m").config("spark.executor.extraClassPath", System.getProperty(
                        "java.class.path"))
                .config("spark.executor.extraJavaOptions", JavaModuleOptions.defaultModuleOptions()).config(
                        "spark.sql.shuffle.partitions", 4)
                .config("spark.driver.host", "127.0.0.1").getOrCreate();
    }
}
