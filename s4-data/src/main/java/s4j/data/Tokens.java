package s4j.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A long row of tokens, as narrow as they allow: a byte, two or four each; of more than {@value #IN_HEAP} bytes in a temporary
 * file that the operating system maps into memory as it is read.
 *
 * @param memory the numbers one after the other
 * @param width bytes of each: 1, 2 or 4
 */
public record Tokens(MemorySegment memory, int width) {
    private static final long IN_HEAP = 64L << 20;

    /** How many. */
    public long size() { return memory.byteSize() / width; }

    /** The token at a place from 0. */
    public int at(long i) {
        return switch (width) {
            case 1 -> memory.get(ValueLayout.JAVA_BYTE, i) & 0xff;
            case 2 -> memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i) & 0xffff;
            default -> memory.get(ValueLayout.JAVA_INT_UNALIGNED, 4 * i);
        };
    }

    /** Those from one place up to another, without a copy. */
    public Tokens slice(long from, long to) {
        return new Tokens(memory.asSlice(from * width, (to - from) * width), width);
    }

    /** From numbers. */
    public static Tokens of(int... tokens) {
        Filling out = filling(tokens.length, Integer.MAX_VALUE);
        for (int token : tokens) {
            out.add(token);
        }
        return out.filled();
    }

    /** Room for so many tokens below {@code vocabulary}. */
    static Filling filling(long size, int vocabulary) {
        return filling(size, vocabulary <= 1 << 8 ? (byte) 1 : vocabulary <= 1 << 16 ? (byte) 2 : (byte) 4);
    }

    /** Room for so many that are as wide as others. */
    static Filling filling(long size, Tokens others) {
        return filling(size, (byte) others.width);
    }

    private static Filling filling(long size, byte width) {
        try {
            return new Filling(room(Math.multiplyExact(size, width)), width);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("no room for %,d tokens in the temporary directory".formatted(size),
                    e);
        }
    }

    private static MemorySegment room(long bytes) throws IOException {
        if (bytes <= IN_HEAP) {
            return MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
        }
        Path file = Files.createTempFile("s4j-tokens", ".bin");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
        }
    }

    /** Tokens that are being written. */
    static final class Filling {
        private final MemorySegment memory;
        private final int width;
        private long at;

        private Filling(MemorySegment memory, int width) {
            this.memory = memory;
            this.width = width;
        }

        /** The next one. */
        void add(int token) {
            switch (width) {
                case 1 -> memory.set(ValueLayout.JAVA_BYTE, at, (byte) token);
                case 2 -> memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * at, (short) token);
                default -> memory.set(ValueLayout.JAVA_INT_UNALIGNED, 4 * at, token);
            }
            at++;
        }

        /** Those of a row from one place up to another. */
        void add(Tokens tokens, long from, long to) {
            long bytes = (to - from) * width;
            MemorySegment.copy(tokens.memory, from * width, memory, at * width, bytes);
            at += to - from;
        }

        /** All of them. */
        Tokens filled() {
            if (at != memory.byteSize() / width) {
                throw new IllegalStateException(
                        "%d tokens; expected %d: the text changed while it was read".formatted(at,
                                memory.byteSize() / width));
            }
            return new Tokens(memory, width);
        }
    }
}
