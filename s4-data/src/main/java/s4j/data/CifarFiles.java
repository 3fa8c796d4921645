package s4j.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/**
 * Where CIFAR-10's binary files are looked for: {@code data_batch_1.bin} to {@code data_batch_5.bin} and {@code
 * test_batch.bin}, plain or as {@code .gz}, in a directory, in its {@code cifar-10-batches-bin}, or inside its {@code
 * cifar-10-binary.tar.gz}; then the canonical archive, downloaded with its checksum. Some of the training files are
 * enough.
 *
 * @param directories in order, with who named them
 * @param download the archive's source
 * @param cache directory that the archive is kept in
 */
record CifarFiles(Map<Path, String> directories, ArchiveSource download, Path cache) {
    static final String ARCHIVE = "cifar-10-binary.tar.gz";
    static final String DIRECTORY = "cifar-10-batches-bin";
    static final String TEST = "test_batch.bin";
    static final List<String> TRAIN = List.of("data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
            "data_batch_4.bin", "data_batch_5.bin");

    private static final List<String> SUBDIRECTORIES = List.of("", "cifar", "cifar10", "cifar-10");
    private static final int LARGEST = CifarImages.MOST * CifarImages.RECORD;

    /** data_dir, S4_DATA, the user's cache; then the canonical server. */
    static CifarFiles usual(@Nullable String dataDir, Map<String, String> environment) {
        Map<Path, String> directories = new LinkedHashMap<>();
        if (dataDir != null) {
            directories.put(Path.of(dataDir), "dataset.data_dir");
        }
        String own = environment.get("S4_DATA");
        if (own != null && !own.isBlank()) {
            directories.putIfAbsent(Path.of(own), "S4_DATA");
        }
        Path cache = DataFiles.userCache(environment);
        directories.putIfAbsent(cache, "cache");
        return new CifarFiles(directories, ArchiveSource.CIFAR, cache.resolve("cifar"));
    }

    /** The content of the files that were found, by name; the test file and at least one for training are among them. */
    Map<String, byte[]> load(Consumer<String> log) throws IOException {
        List<String> answers = new ArrayList<>();
        for (Map.Entry<Path, String> named : directories.entrySet()) {
            for (String sub : SUBDIRECTORIES) {
                Path directory = named.getKey().resolve(sub);
                Map<String, byte[]> found = in(directory);
                if (complete(found)) {
                    return found;
                }
                if (!found.isEmpty()) {
                    answers.add(directory + " (" + named.getValue() + ") has only " + found.keySet());
                }
            }
            if (answers.isEmpty() || !answers.getLast().startsWith(named.getKey().toString())) {
                answers.add(named.getKey() + " (" + named.getValue() + "): none of the files");
            }
        }
        try {
            log.accept("fetching " + ARCHIVE + " (170 MB) from " + download.address());
            Files.createDirectories(cache);
            Path archive = cache.resolve(ARCHIVE);
            download.fetch(archive);
            Map<String, byte[]> found = unpacked(archive);
            if (complete(found)) {
                return found;
            }
            answers.add(download.address() + ": the archive has only " + found.keySet());
        } catch (IOException e) {
            answers.add(download.address() + ": " + e.getMessage());
        }
        throw new MalformedFileException(missing(answers));
    }

    private static boolean complete(Map<String, byte[]> found) { return found.containsKey(TEST) && found.size() > 1; }

    /** What is in a directory, its subdirectory and its archive; the first place that has anything counts. */
    private static Map<String, byte[]> in(Path directory) throws IOException {
        for (Path at : List.of(directory.resolve(DIRECTORY), directory)) {
            Map<String, byte[]> found = new LinkedHashMap<>();
            for (String name : names()) {
                byte[] content = content(at, name);
                if (content != null) {
                    found.put(name, content);
                }
            }
            if (!found.isEmpty()) {
                return found;
            }
        }
        Path archive = directory.resolve(ARCHIVE);
        return Files.isRegularFile(archive) ? unpacked(archive) : Map.of();
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(TRAIN);
        names.add(TEST);
        return names;
    }

    private static byte @Nullable [] content(Path directory, String name) throws IOException {
        Path plain = directory.resolve(name);
        if (Files.isRegularFile(plain)) {
            try (InputStream in = Files.newInputStream(plain)) {
                return limited(in, plain.toString());
            }
        }
        Path zipped = directory.resolve(name + ".gz");
        if (!Files.isRegularFile(zipped)) {
            return null;
        }
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(zipped)), 1 << 16)) {
            return limited(in, zipped.toString());
        } catch (java.util.zip.ZipException | java.io.EOFException e) {
            throw new MalformedFileException(zipped + ": gzip: " + e.getMessage() + ". The file is cut or damaged", e);
        }
    }

    private static Map<String, byte[]> unpacked(Path archive) throws IOException {
        Map<String, byte[]> out = new LinkedHashMap<>();
        List<String> names = names();
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file, 1 << 16))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                if (entry.isFile() && names.contains(name)) {
                    out.put(name, limited(tar, archive + ", " + name));
                }
            }
        } catch (MalformedFileException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedFileException(archive + ": tar: " + e.getMessage() + ". The file is cut or damaged", e);
        }
        return inOrder(out, names);
    }

    private static Map<String, byte[]> inOrder(Map<String, byte[]> found, List<String> names) {
        Map<String, byte[]> out = new LinkedHashMap<>();
        names.forEach(n -> {
            byte[] content = found.get(n);
            if (content != null) {
                out.put(n, content);
            }
        });
        return out;
    }

    private static byte[] limited(InputStream in, String place) throws IOException {
        byte[] content = in.readNBytes(LARGEST + 1);
        if (content.length > LARGEST) {
            throw new MalformedFileException(place + ": more than " + LARGEST + " bytes; expected at most "
                    + CifarImages.MOST + " records of CIFAR-10");
        }
        return content;
    }

    private String missing(List<String> answers) {
        return "CIFAR-10 is nowhere to be found. Put " + ARCHIVE + " (MD5 " + download.md5() + ") or the files "
                + TEST + ", " + TRAIN.getFirst() + " and further ones, plain or as .gz, into " + cache
                + " (or any directory, named by dataset.data_dir or S4_DATA).\nWhat each place answered:\n  "
                + String.join("\n  ", answers);
    }
}
