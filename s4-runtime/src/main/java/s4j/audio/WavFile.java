package s4j.audio;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import s4j.io.AtomicFile;
import s4j.io.InputFile;
import s4j.io.MalformedFileException;

/**
 * RIFF/WAVE and RF64 files: PCM of 8, 16, 24 and 32 bits, floating point of 32 and 64 bits, μ-law and A-law, also as
 * WAVE_FORMAT_EXTENSIBLE, any number of channels, which are averaged into one. Every size is checked against the file's before
 * anything is allocated; a data chunk whose size was never filled in (0 or 0xFFFFFFFF, as streams are written) ends with the file.
 *
 * <p>Source: Microsoft, Multimedia Programming Interface and Data Specifications 1.0 (1991); Multiple Channel Audio Data and
 * WAVE Files (2007); EBU Tech 3306 (RF64); ITU-T G.711 (μ-law, A-law).
 */
public final class WavFile {
    private static final int HEADER = 12;
    private static final int BUFFER = 1 << 16;
    private static final long UNKNOWN = 0xFFFFFFFFL;
    /** From here on a size is what a writer put down that did not know it: 0xFFFFFFFF, or sox's 0x7FFFF000 and more. */
    private static final long UNFILLED = 0x7FFFF000L;
    /** Bytes of the sizes of 64 bits in RF64: of all, of the data, samples. */
    private static final int SIZES = 24;

    private final ReadableByteChannel in;
    private final String name;
    private long left;

    private WavFile(ReadableByteChannel in, long size, String name) {
        this.in = in;
        this.name = name;
        this.left = size;
    }

    /**
     * Reads a file.
     *
     * @throws MalformedFileException when the content breaks the format or is of a kind that is not read
     */
    public static Waveform read(Path file) throws IOException {
        InputFile.requireFile(file);
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            return new WavFile(in, in.size(), file.toString()).read();
        }
    }

    /**
     * Reads from memory.
     *
     * @param name what to call the source in messages
     */
    public static Waveform fromBytes(byte[] bytes, String name) throws MalformedFileException {
        try (ReadableByteChannel in = Channels.newChannel(new ByteArrayInputStream(bytes))) {
            return new WavFile(in, bytes.length, name).read();
        } catch (MalformedFileException e) {
            throw e;
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
    }

    private Waveform read() throws IOException {
        ByteBuffer riff = take(HEADER, "RIFF header");
        boolean large = tag(riff, 0).equals("RF64") || tag(riff, 0).equals("BW64");
        if (!(large || tag(riff, 0).equals("RIFF")) || !tag(riff, 8).equals("WAVE")) {
            throw refused("a file that begins with '" + tag(riff, 0) + "' … '" + tag(riff, 8) + "'",
                    "'RIFF' … 'WAVE'. Is it a wav file?");
        }
        boolean whole = Integer.toUnsignedLong(riff.getInt(4)) - 4 == left;
        long size64 = -1;
        WavFormat format = null;
        while (left >= 8) {
            ByteBuffer chunk = take(8, "chunk header");
            String id = tag(chunk, 0);
            long size = Integer.toUnsignedLong(chunk.getInt(4));
            if (id.equals("data")) {
                if (format == null) {
                    throw refused("chunk 'data' comes before chunk 'fmt '", "the format first");
                }
                if (large && size == UNKNOWN && size64 >= 0) {
                    return samples(format, checked(size64, id));
                }
                // a stream's writer cannot go back to fill the size in
                boolean open = (size >= UNFILLED && size > left) || (size == 0 && !whole);
                return samples(format, open ? left : checked(size, id));
            }
            checked(size, id);
            if (id.equals("fmt ")) {
                format = WavFormat.parse(take((int) Math.min(size, WavFormat.LONGEST), id), name);
                skip(size - Math.min(size, WavFormat.LONGEST));
            } else if (large && id.equals("ds64") && size >= SIZES) {
                size64 = take(SIZES, id).getLong(8);
                skip(size - SIZES);
            } else {
                skip(size);
            }
            skip(Math.min(left, size % 2)); // chunks begin at even places
        }
        throw refused("no chunk 'data'", "one. The file is cut, or holds no sound");
    }

    private long checked(long size, String id) throws MalformedFileException {
        if (size > left) {
            throw refused("chunk '" + id + "' says " + size + " bytes, the file has " + left + " more",
                    "a whole file. It is cut");
        }
        return size;
    }

    private Waveform samples(WavFormat format, long bytes) throws IOException {
        int frame = format.frameBytes();
        long frames = bytes / frame;
        if (frames > Integer.MAX_VALUE - 8) {
            throw refused(frames + " samples",
                    "at most " + (Integer.MAX_VALUE - 8) + ". Cut the recording into pieces");
        }
        float[] samples = new float[(int) frames];
        int perBlock = Math.max(1, BUFFER / frame);
        for (int at = 0; at < samples.length; at += perBlock) {
            int n = Math.min(perBlock, samples.length - at);
            ByteBuffer block = take(n * frame, "data");
            for (int i = 0; i < n; i++) {
                samples[at + i] = format.mono(block, i * frame);
                if (!Float.isFinite(samples[at + i])) {
                    throw refused("sample " + (at + i) + " is " + samples[at + i], "finite numbers");
                }
            }
        }
        return new Waveform(format.sampleRate(), samples);
    }

    private ByteBuffer take(int n, String what) throws IOException {
        if (n > left) {
            throw refused(what + " needs " + n + " bytes, the file has " + left + " more", "a whole file. It is cut");
        }
        ByteBuffer buffer = ByteBuffer.allocate(n).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (in.read(buffer) < 0) {
                throw refused("ended early in " + what, "a whole file. Was it cut while being read?");
            }
        }
        left -= n;
        return buffer.flip();
    }

    private void skip(long n) throws IOException {
        for (long rest = n; rest > 0;) {
            int part = (int) Math.min(BUFFER, rest);
            take(part, "a chunk that is no sound");
            rest -= part;
        }
    }

    private MalformedFileException refused(String got, String expected) {
        return new MalformedFileException(name + ": wav: got " + got + "; expected " + expected);
    }

    private static String tag(ByteBuffer buffer, int at) {
        byte[] four = new byte[4];
        buffer.get(at, four);
        for (int i = 0; i < four.length; i++) {
            four[i] = four[i] >= ' ' && four[i] <= '~' ? four[i] : (byte) '?';
        }
        return new String(four, StandardCharsets.US_ASCII);
    }

    /** The file's bytes: 16-bit PCM on one channel; what is beyond ±1 is cut off. */
    public static byte[] toBytes(Waveform wave) {
        int bytes = Math.multiplyExact(wave.samples().length, 2);
        ByteBuffer out = ByteBuffer.allocate(Math.addExact(44, bytes)).order(ByteOrder.LITTLE_ENDIAN);
        out.put(ascii("RIFF")).putInt(36 + bytes).put(ascii("WAVEfmt ")).putInt(16).putShort((short) 1)
                .putShort((short) 1).putInt(wave.sampleRate()).putInt(2 * wave.sampleRate()).putShort((short) 2)
                .putShort((short) 16).put(ascii("data")).putInt(bytes);
        for (float sample : wave.samples()) {
            out.putShort(pcm16(sample));
        }
        return out.array();
    }

    /** A sample as 16-bit PCM: x · 32768, rounded, within the range. */
    public static short pcm16(float sample) {
        return (short) Math.clamp(Math.round(sample * 32768.0), -32768, 32767);
    }

    /** Writes 16-bit PCM on one channel, whole or not at all. */
    public static void write(Path file, Waveform wave) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(toBytes(wave));
        AtomicFile.write(file, out -> out.write(bytes));
    }

    private static byte[] ascii(String text) { return text.getBytes(StandardCharsets.US_ASCII); }
}
