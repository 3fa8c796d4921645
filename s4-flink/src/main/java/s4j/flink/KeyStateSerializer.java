package s4j.flink;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;
import s4j.flink.StreamOptions.NewModel;

/** Bytes of a {@link KeyState}: time, values of the last reading, the stream's own snapshot, which has a version and a checksum. */
final class KeyStateSerializer extends TypeSerializer<KeyState> {
    private static final long serialVersionUID = 1;

    private final String model;
    private final NewModel newModel;

    /** For streams of the model of this fingerprint. */
    KeyStateSerializer(String model, NewModel newModel) {
        this.model = model;
        this.newModel = newModel;
    }

    String model() { return model; }

    NewModel newModel() { return newModel; }

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
        out.writeInt(state.stream().length);
        out.write(state.stream());
    }

    @Override
    public KeyState deserialize(DataInputView in) throws IOException {
        long time = in.readLong();
        float[] last = new float[in.readInt()];
        for (int i = 0; i < last.length; i++) {
            last[i] = in.readFloat();
        }
        byte[] stream = new byte[in.readInt()];
        in.readFully(stream);
        return new KeyState(time, last, stream);
    }

    @Override
    public KeyState deserialize(KeyState reuse, DataInputView in) throws IOException { return deserialize(in); }

    @Override
    public void copy(DataInputView in, DataOutputView out) throws IOException { serialize(deserialize(in), out); }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof KeyStateSerializer other && other.model.equals(model) && other.newModel == newModel;
    }

    @Override
    public int hashCode() { return model.hashCode(); }

    @Override
    public TypeSerializerSnapshot<KeyState> snapshotConfiguration() {
        return new KeyStateSerializerSnapshot(model, newModel);
    }
}
