package s4j.data;

import s4j.io.MalformedFileException;

/**
 * A file of a data set, known by its uncompressed content.
 *
 * @param name file name without {@code .gz}
 * @param bytes size of the uncompressed content
 * @param sha256 of the uncompressed content, hexadecimal
 */
public record DataFile(String name, long bytes, String sha256) {
    /** Passes the right content on; anything else is refused. */
    byte[] verified(byte[] content, String place) throws MalformedFileException {
        if (content.length != bytes) {
            throw new MalformedFileException("%s: size of the uncompressed content: got %d bytes; expected %d (%s)"
                    .formatted(place, content.length, bytes, content.length < bytes ? "cut" : "too long"));
        }
        String got = Sha256.hex(content);
        if (!got.equals(sha256)) {
            throw new MalformedFileException(
                    "%s: sha256 of the uncompressed content: got %s; expected %s".formatted(place, got, sha256));
        }
        return content;
    }
}
