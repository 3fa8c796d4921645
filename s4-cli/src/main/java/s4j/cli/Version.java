package s4j.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code s4 --version} prints: ours, and the Java it runs on. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[]{"s4j " + s4j.io.Version.current(),
                "Java " + Runtime.version() + " on " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch")};
    }
}
