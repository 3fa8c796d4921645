package s4j.flink;

import s4j.io.MalformedFileException;
import s4j.stream.S4Model;
import s4j.stream.StreamState;

/**
 * What a key's stream remembers, as the state backend holds it.
 *
 * @param time of the last reading
 * @param last reading's values, as they came
 * @param memory of the stream
 */
@SuppressWarnings("ArrayRecordComponent") // filled once, then read
record KeyState(long time, float[] last, Memory memory) {
    static final KeyState NONE = new KeyState(Long.MIN_VALUE, new float[0], new Bytes(new byte[0]));

    /** A stream's state, which nobody steps. */
    sealed interface Memory {
        /** {@link StreamState#snapshot}. */
        byte[] bytes();

        /** A state to go on from. */
        StreamState restored(S4Model model) throws MalformedFileException;
    }

    /** As it was read. */
    @SuppressWarnings("ArrayRecordComponent") // filled once, then read
    record Bytes(byte[] bytes) implements Memory {
        @Override
        public StreamState restored(S4Model model) throws MalformedFileException { return model.restore(bytes); }
    }

    /**
     * As it was stepped. Bytes are made of it when they are written, which the heap backend does beside the stream, not before the barrier.
     *
     * @param state a copy
     */
    record Copied(StreamState state) implements Memory {
        @Override
        public byte[] bytes() { return state.snapshot(); }

        @Override
        public StreamState restored(S4Model model) throws MalformedFileException {
            return state.model().equals(model.fingerprint()) ? state.copy() : model.restore(bytes());
        }
    }
}
