package s4j.flink;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import s4j.flink.StreamOptions.NewModel;

/**
 * What a checkpoint says about the bytes of its streams: whose model they are of. The layout of all versions so far is one, so nothing
 * migrates; streams of another model are refused, or begin anew at their next reading.
 */
public final class KeyStateSerializerSnapshot implements TypeSerializerSnapshot<KeyState> {
    private static final int VERSION = 1;

    private String model = "";
    private NewModel newModel = NewModel.REFUSE;

    /** For the engine, which then reads it. */
    public KeyStateSerializerSnapshot() {}

    KeyStateSerializerSnapshot(String model, NewModel newModel) {
        this.model = model;
        this.newModel = newModel;
    }

    @Override
    public int getCurrentVersion() { return VERSION; }

    @Override
    public void writeSnapshot(DataOutputView out) throws IOException {
        out.writeUTF(model);
        out.writeUTF(newModel.name());
    }

    @Override
    public void readSnapshot(int version, DataInputView in, ClassLoader loader) throws IOException {
        if (version != VERSION) {
            throw new IOException("streams of version " + version + "; this s4-flink reads version " + VERSION
                    + ". Use the one that wrote them, or a newer one");
        }
        model = in.readUTF();
        newModel = NewModel.valueOf(in.readUTF());
    }

    @Override
    public TypeSerializer<KeyState> restoreSerializer() { return new KeyStateSerializer(model, newModel); }

    @Override
    public TypeSerializerSchemaCompatibility<KeyState> resolveSchemaCompatibility(
            TypeSerializerSnapshot<KeyState> old) {
        return old instanceof KeyStateSerializerSnapshot before
                && (before.model.equals(model) || newModel == NewModel.RESET)
                        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                        : TypeSerializerSchemaCompatibility.incompatible();
    }
}
