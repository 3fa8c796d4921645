package s4j.generate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import s4j.io.MalformedFileException;
import s4j.stream.StreamState;

/**
 * Where generation stopped, to go on from at another time at no cost: the state of the stream before the last token, and that token.
 *
 * @param state before the last token
 * @param last the token that was drawn or read last
 */
public record Conversation(StreamState state, int last) {
    private static final int MAGIC = 0x53344743;

    /** As bytes, which {@link #read} takes; of the state as {@link StreamState#snapshot} writes it, with its own checksum. */
    public byte[] bytes() {
        byte[] snapshot = state.snapshot();
        return ByteBuffer.allocate(8 + snapshot.length).order(ByteOrder.LITTLE_ENDIAN).putInt(MAGIC).putInt(last)
                .put(snapshot).array();
    }

    /**
     * From bytes.
     *
     * @throws MalformedFileException when they are something else, damaged, or of another model
     */
    public static Conversation read(byte[] bytes, TokenModel model) throws MalformedFileException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 8 || in.getInt() != MAGIC) {
            throw new MalformedFileException(
                    "it is no state of s4 generate; expected what --state has written (s4 stream's states are others)");
        }
        int last = in.getInt();
        byte[] snapshot = new byte[in.remaining()];
        in.get(snapshot);
        StreamState state = model.model().restore(snapshot); // says first whose state it is: tokens differ with models
        if (last < 0 || last >= model.model().config().dInput()) {
            throw new MalformedFileException("its last token is " + last + "; expected 0 to "
                    + (model.model().config().dInput() - 1) + ". Was it changed?");
        }
        return new Conversation(state, last);
    }
}
