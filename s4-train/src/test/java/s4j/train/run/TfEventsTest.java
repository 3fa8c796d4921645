package s4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event files are read back by the format's description: frames, masked CRCs, Protocol Buffers. */
final class TfEventsTest {
    @TempDir
    Path tmp;

    /** An event as it was read. */
    private record Event(long step, String version, Map<String, Float> values) {}

    /** CRC-32C bit by bit, by its polynomial. */
    private static int crc32c(byte[] bytes) {
        int crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int i = 0; i < 8; i++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82f63b78;
            }
        }
        return ~crc;
    }

    private static int masked(byte[] bytes) {
        int crc = crc32c(bytes);
        return Integer.rotateRight(crc, 15) + 0xa282ead8;
    }

    private static List<Event> read(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] length = new byte[8];
            in.get(length);
            assertEquals(masked(length), in.getInt(), "CRC of a length");
            byte[] payload = new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
            in.get(payload);
            assertEquals(masked(payload), in.getInt(), "CRC of an event");
            events.add(event(payload));
        }
        return events;
    }

    private static Event event(byte[] payload) {
        Map<Integer, List<Object>> fields = fields(payload);
        assertTrue((Double) given(fields, 1) > 1.7e9, "seconds since 1970");
        Map<String, Float> values = new LinkedHashMap<>();
        if (fields.containsKey(5)) {
            for (Object v : fields((byte[]) given(fields, 5)).getOrDefault(1, List.of())) {
                Map<Integer, List<Object>> one = fields((byte[]) v);
                values.put(text(given(one, 1)), (Float) given(one, 2));
            }
        }
        return new Event((Long) given(fields, 2), fields.containsKey(3) ? text(given(fields, 3)) : "", values);
    }

    private static Object given(Map<Integer, List<Object>> fields, int field) {
        return java.util.Objects.requireNonNull(fields.get(field), "field " + field).getFirst();
    }

    private static String text(Object bytes) { return new String((byte[]) bytes, StandardCharsets.UTF_8); }

    private static Map<Integer, List<Object>> fields(byte[] message) {
        Map<Integer, List<Object>> out = new TreeMap<>();
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long key = varint(in);
            Object value = switch ((int) (key & 7)) {
                case 0 -> (Object) varint(in);
                case 1 -> in.getDouble();
                case 2 -> {
                    byte[] bytes = new byte[(int) varint(in)];
                    in.get(bytes);
                    yield bytes;
                }
                case 5 -> in.getFloat();
                default -> throw new AssertionError("wire type of " + key);
            };
            out.computeIfAbsent((int) (key >>> 3), k -> new ArrayList<>()).add(value);
        }
        return out;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    private MetricsLog open(MetricsLog.Lengths lengths, boolean events) throws IOException {
        return MetricsLog.open(new RunDirectory(tmp), lengths, 0, new MetricsLog.Columns("accuracy", List.of()),
                events);
    }

    private static MetricsLog.Row val(long step, double accuracy) {
        return new MetricsLog.Row("val", 1, step, null, null, Map.of("accuracy", accuracy));
    }

    @Test
    void whatARunMeasuresIsReadBack() throws IOException {
        try (MetricsLog log = open(MetricsLog.Lengths.NONE, true)) {
            log.write(new MetricsLog.Row("train", 1, 300, 0.01, 2.5, Map.of("loss", 0.5)));
            log.write(val(70_000_000_000L, 0.75));
            log.write(new MetricsLog.Row("val", 1, 2, null, null, Map.of("loss", Double.POSITIVE_INFINITY)));
        }
        List<Event> events = read(Files.readAllBytes(new RunDirectory(tmp).events()));
        assertEquals(4, events.size());
        assertEquals("brain.Event:2", events.getFirst().version);
        assertEquals(300, events.get(1).step);
        assertEquals(Map.of("loss/train", 0.5f, "lr", 0.01f, "gradient_norm", 2.5f), events.get(1).values);
        assertEquals(new Event(70_000_000_000L, "", Map.of("accuracy/val", 0.75f)), events.get(2));
        assertEquals(Map.of(), events.get(3).values, "what is not finite is left out");
        assertTrue(new RunDirectory(tmp).events().getFileName().toString().contains("tfevents"));
    }

    @Test
    void aContinuedRunHasWhatItsMetricsHaveAndNothingOfTheLostStretch() throws IOException {
        MetricsLog.Lengths lengths;
        try (MetricsLog log = open(MetricsLog.Lengths.NONE, true)) {
            log.write(val(1, 0.5));
            lengths = log.force();
            log.write(val(2, 0.1));
        }
        try (MetricsLog log = open(lengths, false)) { // the run's words need not be repeated
            log.write(val(2, 0.6));
        }
        List<Event> events = read(Files.readAllBytes(new RunDirectory(tmp).events()));
        assertEquals(List.of(Map.of(), Map.of("accuracy/val", 0.5f), Map.of("accuracy/val", 0.6f)),
                events.stream().map(Event::values).toList());
    }

    @Test
    void withoutTheOptionThereIsNoFile() throws IOException {
        open(MetricsLog.Lengths.NONE, false).close();
        assertTrue(Files.notExists(new RunDirectory(tmp).events()));
    }
}
