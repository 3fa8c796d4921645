package s4j.pickle;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/**
 * The zip archive that {@code torch.save} writes since PyTorch 1.6: {@code NAME/data.pkl}, {@code NAME/data/KEY} for each
 * storage, {@code NAME/byteorder}. An entry is read only when its declared size is what is expected of it.
 */
final class TorchArchive implements TorchFileFormat {
    private static final String PICKLE = "data.pkl";
    /** torch stores without compression; deflate of real weights gains a tenth. More is a bomb. */
    private static final int MAX_RATIO = 64;
    private static final int SMALL = 1 << 16;

    private final ZipFile zip;
    private final String name;
    private final Map<String, ZipEntry> entries = new HashMap<>();
    private final String prefix;

    private TorchArchive(ZipFile zip, String name) throws IOException {
        this.zip = zip;
        this.name = name;
        String found = null;
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements();) {
            ZipEntry entry = all.nextElement();
            if (entries.put(entry.getName(), entry) != null) {
                throw malformed("two entries " + Texts.shortened(entry.getName()) + "; expected each name once");
            }
            String own = prefixOf(entry.getName());
            if (own != null) {
                if (found != null) {
                    throw malformed("two entries " + PICKLE + "; expected one");
                }
                found = own;
            }
        }
        if (found == null) {
            throw malformed("no entry " + PICKLE + ". Is it a checkpoint of PyTorch? TorchScript archives and other zip"
                    + " files are not read");
        }
        this.prefix = found;
    }

    /** What stands before {@code data.pkl}: nothing or one directory; null where the name is another one. */
    private static @Nullable String prefixOf(String entry) {
        boolean pickle = entry.equals(PICKLE) || entry.endsWith("/" + PICKLE);
        String before = entry.substring(0, Math.max(0, entry.length() - PICKLE.length()));
        return pickle && before.indexOf('/') == before.length() - 1 ? before : null;
    }

    static TorchArchive open(Path file) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8);
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw new MalformedFileException(file + ": not a whole zip archive"
                    + (e.getMessage() == null ? "" : ": " + e.getMessage())
                    + "; expected a checkpoint that torch.save wrote", e);
        }
        try {
            TorchArchive archive = new TorchArchive(zip, file.toString());
            archive.refuseBigEndian();
            return archive;
        } catch (IllegalArgumentException e) { // of entries whose names or fields are no text
            zip.close();
            throw new MalformedFileException(file + ": damaged zip archive: " + e.getMessage(), e);
        } catch (IOException e) {
            zip.close();
            throw e;
        }
    }

    private void refuseBigEndian() throws IOException {
        ZipEntry entry = entries.get(prefix + "byteorder");
        if (entry != null) {
            String order = new String(content(entry, SMALL), StandardCharsets.US_ASCII).strip();
            if (!order.equals("little")) {
                throw malformed("byte order " + Texts.shortened(order) + "; expected little. Save it again on a"
                        + " little-endian machine");
            }
        }
    }

    @Override
    public @Nullable Object root() throws IOException {
        return PickleMachine.run(content(entry(PICKLE), MAX_PICKLE), name);
    }

    @Override
    public byte[] storage(Storage storage) throws IOException {
        ZipEntry entry = entry("data/" + storage.key());
        long expected;
        try {
            expected = Math.multiplyExact(storage.elements(), storage.type().bytes());
        } catch (ArithmeticException e) {
            throw malformed("storage " + Texts.shortened(storage.key()) + " of " + storage.elements()
                    + " elements; no file is that long");
        }
        if (entry.getSize() != expected) {
            throw malformed("entry " + Texts.shortened(entry.getName()) + " of " + entry.getSize() + " bytes; expected "
                    + expected + " (" + storage.elements() + " of " + storage.type() + ")");
        }
        return content(entry, Integer.MAX_VALUE - 8);
    }

    private ZipEntry entry(String path) throws MalformedFileException {
        ZipEntry entry = entries.get(prefix + path);
        if (entry == null) {
            throw malformed("no entry " + Texts.shortened(prefix + path) + "; the checkpoint is not whole");
        }
        return entry;
    }

    private byte[] content(ZipEntry entry, int most) throws IOException {
        long size = entry.getSize();
        if (size < 0 || size > most) {
            throw malformed("entry " + Texts.shortened(entry.getName()) + " of " + size + " bytes; expected at most "
                    + most);
        }
        if (size > SMALL && size / MAX_RATIO > entry.getCompressedSize()) {
            throw malformed("entry " + Texts.shortened(entry.getName()) + " unpacks to more than " + MAX_RATIO
                    + " times its size; expected weights, which cannot be packed like that");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in == null ? new byte[0] : in.readNBytes((int) size);
            if (bytes.length != size || (in != null && in.read() >= 0)) {
                throw malformed("entry " + Texts.shortened(entry.getName())
                        + " of another length than its directory says; " + "the file is damaged");
            }
            return bytes;
        } catch (ZipException | EOFException e) {
            throw new MalformedFileException(name + ": entry " + Texts.shortened(entry.getName()) + ": "
                    + e.getMessage() + ". The file is damaged", e);
        }
    }

    private MalformedFileException malformed(String what) { return new MalformedFileException(name + ": got " + what); }

    @Override
    public void close() throws IOException { zip.close(); }
}
