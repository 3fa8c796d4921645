package s4j.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import s4j.audio.SoundFile;
import s4j.audio.Waveform;
import s4j.io.MalformedFileException;

/** Sound files by name, the path below where they were looked for, with {@code /}; in a folder or in a zip archive. */
sealed interface Recordings extends AutoCloseable {
    /** Names in their order. */
    List<String> names();

    /** One recording. */
    Waveform read(String name) throws IOException;

    /** The bytes of a file, as a stream. */
    InputStream open(String name) throws IOException;

    /** Where they are, for messages. */
    String place();

    @Override
    void close() throws IOException;

    /** SHA-256 over the lines {@code sha256(file), two spaces, last part of its name, newline} in the order of the names. */
    default String hash() throws IOException {
        MessageDigest all = Sha256.digest();
        byte[] buffer = new byte[1 << 16];
        for (String name : names()) {
            MessageDigest one = Sha256.digest();
            try (InputStream in = open(name)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    one.update(buffer, 0, n);
                }
            } catch (ZipException | EOFException e) {
                throw damaged(Path.of(place()), e);
            }
            String line = HexFormat.of().formatHex(one.digest()) + "  " + name.substring(name.lastIndexOf('/') + 1)
                    + "\n";
            all.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(all.digest());
    }

    private static boolean sound(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        return SoundFile.named(file) && !file.startsWith(".") && !name.contains("__MACOSX/");
    }

    /** All sound files below a folder. */
    static Recordings in(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return new Folder(folder, files.filter(Files::isRegularFile)
                    .map(f -> folder.relativize(f).toString().replace('\\', '/')).filter(Recordings::sound).sorted()
                    .toList());
        }
    }

    /** All sound files in a zip archive. */
    static Recordings inZip(Path archive) throws IOException {
        ZipFile zip = opened(archive);
        TreeMap<String, ZipEntry> entries = new TreeMap<>();
        zip.stream().filter(e -> !e.isDirectory() && sound(e.getName())).forEach(e -> entries.put(e.getName(), e));
        return new Zip(archive, zip, entries);
    }

    private static ZipFile opened(Path archive) throws IOException {
        try {
            return new ZipFile(archive.toFile());
        } catch (ZipException | EOFException e) {
            throw damaged(archive, e);
        }
    }

    private static MalformedFileException damaged(Path archive, IOException e) {
        return new MalformedFileException(archive + " is no whole zip archive"
                + (e.getMessage() == null ? "" : ": " + e.getMessage()) + ". Remove it, and it is fetched anew", e);
    }

    /** Files of a folder. */
    record Folder(Path folder, List<String> names) implements Recordings {
        @Override
        public Waveform read(String name) throws IOException { return SoundFile.read(folder.resolve(name)); }

        @Override
        public InputStream open(String name) throws IOException { return Files.newInputStream(folder.resolve(name)); }

        @Override
        public String place() { return folder.toString(); }

        @Override
        public void close() {}
    }

    /** Entries of an archive; none is unpacked beyond a size, whatever the archive says. */
    record Zip(Path archive, ZipFile zip, TreeMap<String, ZipEntry> entries) implements Recordings {
        private static final int LARGEST = 1 << 28;

        @Override
        public List<String> names() { return List.copyOf(entries.keySet()); }

        @Override
        public Waveform read(String name) throws IOException {
            try (InputStream in = open(name)) {
                byte[] bytes = bytes(in);
                if (bytes.length > LARGEST) {
                    throw new MalformedFileException("%s, %s: got more than %d bytes; expected less. Unpack the archive"
                            .formatted(archive, name, LARGEST));
                }
                return SoundFile.fromBytes(bytes, archive + ", " + name);
            }
        }

        private byte[] bytes(InputStream in) throws IOException {
            try {
                return in.readNBytes(LARGEST + 1);
            } catch (ZipException | EOFException e) {
                throw damaged(archive, e);
            }
        }

        @Override
        public InputStream open(String name) throws IOException { return zip.getInputStream(entries.get(name)); }

        @Override
        public String place() { return archive.toString(); }

        @Override
        public void close() throws IOException { zip.close(); }
    }
}
