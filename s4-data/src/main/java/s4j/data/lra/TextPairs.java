package s4j.data.lra;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import s4j.data.SequenceSet;
import s4j.io.MalformedFileException;
import s4j.model.SequenceBatch;

/**
 * Rows of a file with label, two ids and two texts. Where each row begins and its label are known; texts are read when they are asked
 * for, as they may be more than memory holds.
 *
 * @param file tab-separated, no header
 * @param begins where rows begin, and the end of the file
 * @param labels 0 or 1
 * @param lMax bytes of a text
 * @param hash of the file
 */
@SuppressWarnings("ArrayRecordComponent") // made once, then read
record TextPairs(Path file, long[] begins, byte[] labels, int lMax, byte[] hash) implements SequenceSet {
    private static final int COLUMNS = 5;
    private static final int FIRST_TEXT = 3;

    /** Looks through a file once. */
    static TextPairs of(Path file, int lMax) throws IOException {
        long[] begins = new long[1024];
        byte[] labels = new byte[1024];
        int n = 0;
        long at = 0;
        MessageDigest sha = sha();
        StringBuilder label = new StringBuilder();
        int tabs = 0;
        boolean open = false;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                sha.update((byte) b);
                at++;
                if (b == '\n') {
                    n++;
                    labels[n - 1] = label(label, tabs, open, file, n);
                    if (n + 1 == begins.length) {
                        begins = Arrays.copyOf(begins, 2 * n + 2);
                        labels = Arrays.copyOf(labels, 2 * n + 2);
                    }
                    begins[n] = at;
                    label.setLength(0);
                    tabs = 0;
                    open = false;
                    continue;
                }
                open = true;
                if (b == '\t') {
                    tabs++;
                } else if (tabs == 0 && label.length() < 16) {
                    label.append((char) b);
                }
            }
        }
        if (open) { // the last row need not end
            labels[n] = label(label, tabs, true, file, ++n);
            begins[n] = at + 1;
        }
        if (n == 0) {
            throw new MalformedFileException(file + ": no rows; expected label, id1, id2, text1 and text2");
        }
        return new TextPairs(file, Arrays.copyOf(begins, n + 1), Arrays.copyOf(labels, n), lMax, sha.digest());
    }

    private static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte label(StringBuilder text, int tabs, boolean open, Path file, int row)
            throws MalformedFileException {
        String label = text.toString().strip();
        if (!open || tabs != COLUMNS - 1 || !label.matches("[01](\\.0*)?")) {
            throw new MalformedFileException(
                    "%s, line %d: got %d cells, the first '%s'; expected label 0 or 1, id1, id2, text1"
                            .formatted(file, row, tabs + 1, label) + " and text2, with tabs between");
        }
        return (byte) (label.charAt(0) - '0');
    }

    @Override
    public int size() { return labels.length; }

    @Override
    public int label(int i) { return labels[i]; }

    @Override
    public SequenceBatch batch(int[] indices) {
        byte[][] texts = new byte[2 * indices.length][];
        try (FileChannel channel = FileChannel.open(file)) {
            for (int i = 0; i < indices.length; i++) {
                String[] cells = row(channel, indices[i]).split("\t", -1);
                for (int k = 0; k < 2; k++) {
                    byte[] text = cells[FIRST_TEXT + k].getBytes(StandardCharsets.ISO_8859_1);
                    texts[2 * i + k] = Arrays.copyOf(text, Math.min(lMax, text.length));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
        float[] x = new float[Math.multiplyExact(texts.length, lMax)];
        int[] classes = new int[indices.length];
        for (int i = 0; i < texts.length; i++) {
            classes[i / 2] = labels[indices[i / 2]];
            for (int t = 0; t < texts[i].length; t++) {
                x[i * lMax + t] = texts[i][t] & 0xff;
            }
        }
        return new SequenceBatch(indices.length, 2 * lMax, 1, x, classes);
    }

    private String row(FileChannel channel, int i) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(begins[i + 1] - begins[i] - 1));
        for (long at = begins[i]; bytes.hasRemaining(); at = begins[i] + bytes.position()) {
            if (channel.read(bytes, at) < 0) {
                throw new IOException("it has become shorter; expected the file that was read before");
            }
        }
        return new String(bytes.array(), StandardCharsets.ISO_8859_1).replace("\r", "");
    }
}
