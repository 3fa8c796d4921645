package s4j.audio;

/** Bits of a FLAC file, the highest first. */
final class FlacBits {
    private static final int[] CRC = crc();

    private final byte[] bytes;
    private long bit;

    /** What is wrong with a file. */
    static final class Damaged extends Exception {
        private static final long serialVersionUID = 1;

        Damaged(String what) { super(what); }
    }

    FlacBits(byte[] bytes) { this.bytes = bytes; }

    /** CRC-16 of the polynomial x^16 + x^15 + x^2 + 1, byte by byte. */
    private static int[] crc() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int c = i << 8;
            for (int k = 0; k < 8; k++) {
                c = (c & 0x8000) == 0 ? c << 1 : (c << 1) ^ 0x8005;
            }
            table[i] = c & 0xffff;
        }
        return table;
    }

    void require(boolean right, String what) throws Damaged {
        if (!right) {
            throw new Damaged(what);
        }
    }

    /** The byte that the next bit is in. */
    int at() { return (int) (bit / 8); }

    /** Bytes that have not been begun. */
    long left() { return bytes.length - (bit + 7) / 8; }

    /** An unsigned number of up to 56 bits. */
    long bits(int n) throws Damaged {
        if (bit + n > 8L * bytes.length) {
            throw new Damaged("an end after " + bytes.length + " bytes, where more should come");
        }
        long value = 0;
        for (int need = n; need > 0;) {
            int inByte = 8 - (int) (bit % 8);
            int take = Math.min(need, inByte);
            int b = bytes[(int) (bit / 8)] & 0xff;
            value = value << take | (b >> (inByte - take) & ((1 << take) - 1));
            bit += take;
            need -= take;
        }
        return value;
    }

    /** A number in two's complement. */
    long signed(int n) throws Damaged {
        long v = bits(n);
        return n == 0 ? 0 : v << (64 - n) >> (64 - n);
    }

    /** Zeros before the next one, which is taken too. */
    long unary() throws Damaged {
        long zeros = 0;
        while (bits(1) == 0) {
            zeros++;
            // whole bytes of zeros at once
            while (bit % 8 == 0 && left() > 0 && bytes[at()] == 0) {
                zeros += 8;
                bit += 8;
            }
        }
        return zeros;
    }

    void skip(int size) throws Damaged {
        require(size <= left(), "an end after " + bytes.length + " bytes, where more should come");
        bit += 8L * size;
    }

    /** To the next whole byte. */
    void align() { bit = (bit + 7) / 8 * 8; }

    /** The checksum of the bytes from a place on to here. */
    int crc16(int from) {
        int c = 0;
        for (int i = from; i < at(); i++) {
            c = (c << 8 ^ CRC[(c >> 8 ^ bytes[i]) & 0xff]) & 0xffff;
        }
        return c;
    }
}
