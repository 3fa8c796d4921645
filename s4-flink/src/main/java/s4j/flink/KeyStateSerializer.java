package s4j.flink;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;
import s4j.flink.StreamOptions.NewModel;
import s4j.stream.S4Model;

/**
 * Bytes of a {@link KeyState}: time, number of values of the last reading, the values, length, the stream's own snapshot, which has a version and a
 * checksum. What all snapshots of the model begin with (its version and its fingerprint, 40 bytes) is left out; the length is then −1 − that of the rest.
 * The first layout left nothing out, and this one with nothing to leave out is it.
 */
final class KeyStateSerializer extends TypeSerializer<KeyState> {
    private static final long serialVersionUID = 1;

    /** Bytes of a snapshot that are the same for all states of a model. */
    private static final int COMMON = 40;

    private final String model;
    private final NewModel newModel;
    private final byte[] common;

    /**
     * For streams of the model of this fingerprint.
     *
     * @param common what its snapshots begin with; empty: the first layout
     */
    KeyStateSerializer(String model, NewModel newModel, byte[] common) {
        this.model = model;
        this.newModel = newModel;
        this.common = common;
    }

    /** For streams of a model. */
    static KeyStateSerializer of(S4Model model, NewModel newModel) {
        return new KeyStateSerializer(model.fingerprint(), newModel, Arrays.copyOf(model.newState().snapshot(),
                COMMON));
    }

    @Override
    public boolean isImmutableType() { return true; }

    @Override
    public TypeSerializer<KeyState> duplicate() { return this; }

    @Override
    public KeyState createInstance() { return KeyState.NONE; }

    @Override
    public KeyState copy(KeyState from) { return from; }

    @Override
    public KeyState copy(KeyState from, KeyState reuse) { return from; }

    @Override
    public int getLength() { return -1; }

    @Override
    public void serialize(KeyState state, DataOutputView out) throws IOException {
        out.writeLong(state.time());
        out.writeInt(state.last().length);
        for (float v : state.last()) {
            out.writeFloat(v);
        }
        byte[] stream = state.memory().bytes();
        if (common.length > 0 && stream.length >= common.length
                && Arrays.equals(stream, 0, common.length, common, 0, common.length)) {
            out.writeInt(common.length - stream.length - 1);
            out.write(stream, common.length, stream.length - common.length);
        } else { // e.g. of another model
            out.writeInt(stream.length);
            out.write(stream);
        }
    }

    @Override
    public KeyState deserialize(DataInputView in) throws IOException {
        long time = in.readLong();
        float[] last = new float[in.readInt()];
        for (int i = 0; i < last.length; i++) {
            last[i] = in.readFloat();
        }
        int length = in.readInt();
        int left = length < 0 ? common.length : 0;
        byte[] stream = Arrays.copyOf(left == 0 ? new byte[0] : common, left + (length < 0 ? -1 - length : length));
        in.readFully(stream, left, stream.length - left);
        return new KeyState(time, last, new KeyState.Bytes(stream));
    }

    @Override
    public KeyState deserialize(KeyState reuse, DataInputView in) throws IOException { return deserialize(in); }

    @Override
    public void copy(DataInputView in, DataOutputView out) throws IOException { serialize(deserialize(in), out); }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof KeyStateSerializer other && other.model.equals(model) && other.newModel == newModel
                && Arrays.equals(other.common, common);
    }

    @Override
    public int hashCode() { return model.hashCode(); }

    @Override
    public TypeSerializerSnapshot<KeyState> snapshotConfiguration() {
        return new KeyStateSerializerSnapshot(model, newModel, common);
    }
}
