package s4j.serve;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names of streams: 128 random bits, so that nobody comes upon another's. */
final class StreamId {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;

    static String next() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    static boolean valid(String id) {
        return id.length() == 2 * BYTES && id.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
    }

    private StreamId() {}
}
