package s4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code s4 --version} prints: ours, and the Java it runs on. */
final class Version implements IVersionProvider {
    /** The version of s4j. */
    static String s4j() {
        Properties p = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            p.load(Objects.requireNonNull(in, "version.properties is missing from the class path"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot read version.properties", e);
        }
        return p.getProperty("version", "?");
    }

    @Override
    public String[] getVersion() {
        return new String[]{"s4j " + s4j(), "Java " + Runtime.version() + " on " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch")};
    }
}
