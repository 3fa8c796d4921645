package s4j.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import s4j.io.MalformedFileException;

/**
 * A directory: files lie in it or in its subdirectory named like the data set, plain or as {@code .gz}.
 *
 * @param directory where to look
 * @param dataset the data set's name
 * @param why who named the directory, e.g. {@code data_dir}
 */
record LocalSource(Path directory, String dataset, String why) implements DataSource {
    @Override
    public String name() { return directory + " (" + why + ")"; }

    @Override
    public boolean remote() { return false; }

    @Override
    public byte[] content(DataFile file) throws IOException {
        MalformedFileException refused = null;
        for (Path at : List.of(directory.resolve(dataset), directory)) {
            for (String suffix : List.of("", ".gz")) {
                Path path = at.resolve(file.name() + suffix);
                if (Files.isRegularFile(path)) {
                    try {
                        return file.verified(read(path, file), path.toString());
                    } catch (MalformedFileException e) {
                        refused = e; // a wrong copy does not hide a right one
                    }
                }
            }
        }
        if (refused != null) {
            throw refused;
        }
        throw new NoSuchFileException("no file " + file.name() + " or " + file.name() + ".gz");
    }

    private static byte[] read(Path path, DataFile file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            return path.toString().endsWith(".gz") ? unzipped(in, file, path.toString()) : limited(in, file);
        }
    }

    /** The content of a gzip stream, no more than one byte beyond what the file should have. */
    static byte[] unzipped(InputStream in, DataFile file, String place) throws MalformedFileException {
        try (GZIPInputStream gzip = new GZIPInputStream(in)) {
            return limited(gzip, file);
        } catch (IOException e) {
            throw new MalformedFileException(place + ": gzip: " + e.getMessage() + ". The file is cut or damaged", e);
        }
    }

    static byte[] limited(InputStream in, DataFile file) throws IOException {
        return in.readNBytes(Math.toIntExact(file.bytes() + 1));
    }
}
