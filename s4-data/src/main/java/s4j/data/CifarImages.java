package s4j.data;

import java.util.ArrayList;
import java.util.List;
import s4j.io.MalformedFileException;

/**
 * Images of CIFAR-10 as they are in the binary files: records of one label and 1,024 bytes each of red, green and blue,
 * row by row.
 *
 * @param files whole files
 * @param count images in all of them
 */
record CifarImages(List<byte[]> files, int count) {
    /** Width and height. */
    static final int SIDE = 32;
    /** Steps of a sequence. */
    static final int PIXELS = SIDE * SIDE;
    static final int COLOURS = 3;
    static final int CLASSES = 10;
    /** Bytes of a record. */
    static final int RECORD = 1 + COLOURS * PIXELS;
    /** Images in one file: the canonical ones have 10,000, other divisions of the 60,000 have at most this. */
    static final int MOST = 60_000;

    /** Luminance in 65,536ths, as the Python Imaging Library weighs red, green and blue. */
    private static final int[] LUMINANCE = {19595, 38470, 7471};

    /**
     * Checks files.
     *
     * @param names of them, for messages
     */
    static CifarImages of(List<byte[]> files, List<String> names) throws MalformedFileException {
        int count = 0;
        for (int f = 0; f < files.size(); f++) {
            byte[] file = files.get(f);
            if (file.length == 0 || file.length % RECORD != 0 || file.length / RECORD > MOST) {
                throw new MalformedFileException(names.get(f) + ": got " + file.length
                        + " bytes; expected records of 3073 bytes each (CIFAR-10, binary version), at most " + MOST
                        + ". The file is cut, or something else");
            }
            for (int at = 0; at < file.length; at += RECORD) {
                if (file[at] < 0 || file[at] >= CLASSES) {
                    throw new MalformedFileException(names.get(f) + ": label of image " + at / RECORD + ": got "
                            + (file[at] & 0xff) + "; expected 0 to 9 (CIFAR-10, binary version)");
                }
            }
            count += file.length / RECORD;
        }
        return new CifarImages(new ArrayList<>(files), count);
    }

    /** One image. */
    Image image(int i) {
        int rest = i;
        for (byte[] file : files) {
            int here = file.length / RECORD;
            if (rest < here) {
                return new Image(file, rest * RECORD);
            }
            rest -= here;
        }
        throw new IndexOutOfBoundsException("image " + i + " of " + count);
    }

    /** A record in a file. */
    record Image(byte[] file, int at) {
        int label() { return file[at]; }

        /** 0 to 255. */
        int colour(int c, int pixel) { return file[at + 1 + c * PIXELS + pixel] & 0xff; }

        /** Luminance, 0 to 255, rounded. */
        int grey(int pixel) {
            int sum = 1 << 15;
            for (int c = 0; c < COLOURS; c++) {
                sum += LUMINANCE[c] * colour(c, pixel);
            }
            return sum >> 16;
        }
    }
}
