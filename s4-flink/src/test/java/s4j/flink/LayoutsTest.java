package s4j.flink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.flink.StreamOptions.NewModel;
import s4j.stream.S4Model;
import s4j.stream.Session;

/** Bytes of streams: of this layout, of the first one, of other models. */
final class LayoutsTest {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1).setNumberSlotsPerTaskManager(3).build());

    private static final Path FIRST = Path.of("src/test/resources/savepoint-v1");

    private static S4Model network() { return StreamModel.of(Sensors.model()).network(); }

    private static KeyState state() {
        Session s = network().newSession();
        s.step(1, 2);
        return new KeyState(7, new float[]{1, 2}, new KeyState.Copied(s.state()));
    }

    private static byte[] bytes(TypeSerializer<KeyState> serializer, KeyState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(state, out);
        return out.getCopyOfBuffer();
    }

    private static KeyState read(TypeSerializer<KeyState> serializer, byte[] bytes) throws IOException {
        return serializer.deserialize(new DataInputDeserializer(bytes));
    }

    /** As a checkpoint has it. */
    private static TypeSerializerSnapshot<KeyState> kept(TypeSerializer<KeyState> serializer) throws IOException {
        DataOutputSerializer config = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(config, serializer.snapshotConfiguration());
        return TypeSerializerSnapshot.readVersionedSnapshot(new DataInputDeserializer(config.getCopyOfBuffer()),
                LayoutsTest.class.getClassLoader());
    }

    private static void assertSame(KeyState expected, KeyState actual) {
        assertEquals(expected.time(), actual.time());
        assertArrayEquals(expected.last(), actual.last());
        assertArrayEquals(expected.memory().bytes(), actual.memory().bytes());
    }

    @Test
    void aStateTakesFewBytesMoreThanTheStreamsOwnAndIsReadBackByItsVersion() throws IOException {
        KeyState state = state();
        KeyStateSerializer serializer = KeyStateSerializer.of(network(), NewModel.REFUSE);
        byte[] bytes = bytes(serializer, state);
        assertEquals(4 * network().newState().size() + 36 + 4L * network().dInput(), bytes.length,
                "36 bytes for time, steps, lengths and checksum, and the last reading's values");
        assertSame(state, read(serializer, bytes));
        assertEquals(serializer, kept(serializer).restoreSerializer());
        assertSame(state, read(kept(serializer).restoreSerializer(), bytes));
        DataOutputSerializer copied = new DataOutputSerializer(64);
        serializer.copy(new DataInputDeserializer(bytes), copied);
        assertArrayEquals(bytes, copied.getCopyOfBuffer());
        assertThrows(IOException.class, () -> new KeyStateSerializerSnapshot().readSnapshot(3,
                new DataInputDeserializer(new byte[8]), getClass().getClassLoader()));
    }

    @Test
    void statesOfAnotherModelStayWholeAndAreToldApart() throws IOException {
        S4Model other = StreamModel.of(Sensors.otherModel()).network();
        KeyStateSerializer serializer = KeyStateSerializer.of(other, NewModel.RESET);
        KeyState back = read(serializer, bytes(serializer, state()));
        assertSame(state(), back);
        LiveStream anew = LiveStream.of(back, other, true);
        assertEquals(0, anew.state.steps());
        assertEquals(7, anew.time, "what is older than its last reading stays late");
        assertThrows(IllegalStateException.class, () -> LiveStream.of(back, other, false));
    }

    @Test
    void whatIsKeptOfOneModelIsMigratedRefusedOrTakenAsItIsByTheRule() throws IOException {
        KeyStateSerializer now = KeyStateSerializer.of(network(), NewModel.REFUSE);
        S4Model newer = StreamModel.of(Sensors.otherModel()).network();
        TypeSerializerSnapshot<KeyState> old = kept(now);
        assertTrue(now.snapshotConfiguration().resolveSchemaCompatibility(old).isCompatibleAsIs());
        assertTrue(KeyStateSerializer.of(newer, NewModel.REFUSE).snapshotConfiguration().resolveSchemaCompatibility(
                old).isIncompatible());
        TypeSerializerSchemaCompatibility<KeyState> anew = KeyStateSerializer.of(newer, NewModel.RESET)
                .snapshotConfiguration().resolveSchemaCompatibility(old);
        assertTrue(anew.isCompatibleAfterMigration());
        TypeSerializerSnapshot<KeyState> first = kept(new KeyStateSerializer(network().fingerprint(), NewModel.REFUSE,
                new byte[0]));
        assertTrue(now.snapshotConfiguration().resolveSchemaCompatibility(first).isCompatibleAfterMigration());
    }

    @Test
    void bytesOfTheFirstLayoutAreReadByItsOwnSerializer() throws IOException {
        KeyState state = state();
        byte[] stream = state.memory().bytes();
        DataOutputSerializer first = new DataOutputSerializer(64); // as version 1 wrote them
        first.writeLong(7);
        first.writeInt(2);
        first.writeFloat(1);
        first.writeFloat(2);
        first.writeInt(stream.length);
        first.write(stream);
        DataOutputSerializer config = new DataOutputSerializer(64);
        config.writeUTF(network().fingerprint());
        config.writeUTF("REFUSE");
        KeyStateSerializerSnapshot kept = new KeyStateSerializerSnapshot();
        kept.readSnapshot(1, new DataInputDeserializer(config.getCopyOfBuffer()), getClass().getClassLoader());
        assertSame(state, read(kept.restoreSerializer(), first.getCopyOfBuffer()));
        assertArrayEquals(first.getCopyOfBuffer(), bytes(kept.restoreSerializer(), state));
    }

    private static Map<String, String> goOn(String backend, byte[] model, StreamOptions options) throws Exception {
        Configuration c = Jobs.configuration(backend);
        c.setString("execution.state-recovery.path", FIRST.toUri().toString());
        c.setString("execution.state-recovery.ignore-unclaimed-state", "true"); // of the source and of what gathered the answers
        c.setString("restart-strategy.type", "none");
        StreamExecutionEnvironment env = Jobs.environment(c, 3);
        var rest = env.fromData(Sensors.all().subList(KeptStreams.TAKEN, (int) Sensors.COUNT),
                TypeInformation.of(Reading.class))
                .uid("rest").assignTimestampsAndWatermarks(Jobs.watermarks()).uid("marks");
        return Jobs.gathered(S4Flink.streams(rest, model, options).answers().executeAndCollect());
    }

    /** RocksDB writes all streams anew at the first access; the heap backend reads them with the old serializer and never does. */
    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void aSavepointOfTheFirstLayoutGoesOnToTheSameBits(String backend) throws Exception {
        byte[] model = Files.readAllBytes(FIRST.resolve("model.safetensors"));
        Map<String, String> expected = new TreeMap<>(Sensors.expected(Sensors.all(), model));
        KeptStreams.before(expected).keySet().forEach(expected::remove);
        assertEquals(expected, goOn(backend, model, StreamOptions.STANDARD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void streamsOfTheFirstLayoutAndOfAnOlderModelBeginAnewOrAreRefused(String backend) throws Exception {
        byte[] newer = Sensors.otherModel();
        Map<String, String> expected = new TreeMap<>(Sensors.expected(Sensors.all(), Sensors.model()));
        KeptStreams.before(expected).keySet().forEach(expected::remove);
        Map<String, String> anew = goOn(backend, newer, StreamOptions.STANDARD.with(NewModel.RESET));
        assertEquals(expected.keySet(), anew.keySet(), "none lost, none twice");
        assertEquals(Sensors.expected(Sensors.all().stream().filter(r -> anew.containsKey(r.key() + "@" + r.time()))
                .toList(), newer), anew);
        assertThrows(Exception.class, () -> goOn(backend, newer, StreamOptions.STANDARD));
    }
}
