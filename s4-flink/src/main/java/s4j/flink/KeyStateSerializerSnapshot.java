package s4j.flink;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import s4j.flink.StreamOptions.NewModel;

/**
 * What a checkpoint says about the bytes of its streams: whose model they are of, and what they leave out. Streams of an older layout are written anew:
 * by RocksDB at the first access to the state, by the heap backend, which holds no bytes, at the next checkpoint. Streams of another
 * model are refused, or begin anew at their next reading.
 */
public final class KeyStateSerializerSnapshot implements TypeSerializerSnapshot<KeyState> {
    private static final int VERSION = 2;

    private String model = "";
    private NewModel newModel = NewModel.REFUSE;
    private byte[] common = new byte[0];

    /** For the engine, which then reads it. */
    public KeyStateSerializerSnapshot() {}

    KeyStateSerializerSnapshot(String model, NewModel newModel, byte[] common) {
        this.model = model;
        this.newModel = newModel;
        this.common = common;
    }

    @Override
    public int getCurrentVersion() { return VERSION; }

    @Override
    public void writeSnapshot(DataOutputView out) throws IOException {
        out.writeUTF(model);
        out.writeUTF(newModel.name());
        out.writeInt(common.length);
        out.write(common);
    }

    @Override
    public void readSnapshot(int version, DataInputView in, ClassLoader loader) throws IOException {
        if (version < 1 || version > VERSION) {
            throw new IOException("streams of version " + version + "; this s4-flink reads versions 1 to " + VERSION
                    + ". Use the one that wrote them, or a newer one");
        }
        model = in.readUTF();
        newModel = NewModel.valueOf(in.readUTF());
        common = new byte[version < VERSION ? 0 : in.readInt()];
        in.readFully(common);
    }

    @Override
    public TypeSerializer<KeyState> restoreSerializer() { return new KeyStateSerializer(model, newModel, common); }

    @Override
    public TypeSerializerSchemaCompatibility<KeyState> resolveSchemaCompatibility(
            TypeSerializerSnapshot<KeyState> old) {
        if (!(old instanceof KeyStateSerializerSnapshot before)
                || (!before.model.equals(model) && newModel == NewModel.REFUSE)) {
            return TypeSerializerSchemaCompatibility.incompatible();
        }
        return Arrays.equals(before.common, common)
                ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                : TypeSerializerSchemaCompatibility.compatibleAfterMigration();
    }
}
