package s4j.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static s4j.testkit.Messages.assertFails;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import s4j.io.MalformedFileException;

/** The language of pickles: what its words make, and what they do not do. */
final class PickleTest {
    /** A pickle from its bytes: text as it is, other codes as numbers. */
    private static byte[] pickle(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[]{(byte) 0x80, 4});
        for (Object part : parts) {
            if (part instanceof Integer code) {
                out.write(code);
            } else {
                out.writeBytes(part.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    private static void refused(byte[] pickle, String... reasons) {
        assertFails(MalformedFileException.class, () -> PickleMachine.run(pickle, "x"), reasons);
    }

    @Test
    void everyKindOfValueIsRead() throws MalformedFileException {
        Object value = PickleMachine.run(pickle(0x95, 9, 0, 0, 0, 0, 0, 0, 0, "(", "N", 0x88, 0x89, "K", 200, "M", 1, 2,
                "J", 255, 255, 255, 255, 0x8a, 2, 0, 128, 0x8a, 0, 0x8b, 1, 0, 0, 0, 5, 0x8c, 2, "hi", "U", 1, "y",
                "]", "(", "K", 1, "K", 2, "e", 0x8f, "(", "K", 3, 0x90, "}", "K", 1, "N", "s", 0x94, "h", 0, "K", 1,
                0x85, "K", 1, "K", 2, 0x86, "NNN", 0x87, "2", "0", "C", 1, 9, "t", "."), "x");
        List<?> all = assertInstanceOf(List.class, value);
        List<?> start = all.subList(0, 12);
        assertEquals(Arrays.asList(null, true, false, 200L, 513L, -1L, -32768L, 0L, 5L, "hi", "y", List.of(1L, 2L)),
                start);
        assertEquals(List.of(3L), all.get(12));
        assertSame(all.get(13), all.get(14), "memory gives the same value back");
        assertEquals(List.of(1L), all.get(15));
        assertEquals(List.of(1L, 2L), all.get(16));
        assertEquals(Arrays.asList(null, null, null), all.get(17));
        assertArrayEquals(new byte[]{9}, (byte[]) all.get(18));
    }

    @Test
    void objectsAreMadeInEveryWayAndDoNothing() throws MalformedFileException {
        for (byte[] way : List.of(pickle("ca\nb\n", ")", 0x81, "."), pickle("ca\nb\n", ")", "}", 0x92, "."),
                pickle("(", "ca\nb\n", "K", 1, "o", "."), pickle("ca\nb\n", ")", "R", "}", "b", "."),
                pickle(0x8c, 1, "a", 0x8c, 1, "b", 0x93, ")", "R", "K", 1, "K", 2, "s", "."))) {
            Placeholder p = assertInstanceOf(Placeholder.class, PickleMachine.run(way, "x"));
            assertEquals(new Global("a", "b"), p.type());
        }
    }

    @Test
    void brokenPicklesAreRefusedWithTheirPlace() {
        refused(pickle(), "x: pickle: got its end; the pickle is cut, at byte 2");
        refused(pickle("I", "01\n", "."), "none of protocols 2 to 5", "at byte 2 (operation 0x49)");
        refused(pickle(0xfe), "operation 0xfe");
        refused(pickle(0x82, 1), "none of protocols 2 to 5");
        refused(pickle("."), "without its operand");
        refused(pickle("h", 7, "."), "a reference to memory 7");
        refused(pickle("j", 255, 255, 255, 255, "."), "a reference to memory 4294967295");
        refused(pickle("t", "."), "needs a mark");
        refused(pickle("K", 1, "(", "a", "."), "without its operands");
        refused(pickle("X", 255, 255, 255, 255), "a value of 4294967295 bytes; 0 are left");
        refused(pickle(0x8e, 255, 255, 255, 255, 255, 255, 255, 255), "a value of 18446744073709551615 bytes");
        refused(pickle(0x8b, 255, 255, 255, 127), "a number of 2147483647 bytes");
        refused(pickle("T", 255, 255, 255, 255), "a value of");
        refused(pickle("K", 1, "K", 2, "a", "."), "no list");
        refused(pickle("K", 1, "K", 2, "K", 3, "s", "."), "no dictionary");
        refused(pickle("}", "(", "K", 1, "u", "."), "key without its value");
        refused(pickle("K", 1, ")", "R", "."), "a call of what is no function");
        refused(pickle("ca\nb\n", "K", 1, "R", "."), "arguments are no tuple");
        refused(pickle("K", 1, "N", "b", "."), "a state for what has none");
        refused(pickle("ca"), "a name without an end");
        refused(pickle("c" + "a".repeat(5000) + "\n"), "a name without an end");
        refused(pickle("K", 1, "Q", "."), "a persistent id that is no storage");
        refused(pickle("ctorch._utils\n_rebuild_tensor_v2\n", ")", "R", "."), "a tensor without storage");
        refused(pickle("ctorch._utils\n_rebuild_parameter\n", ")", "R", "."), "a parameter without its tensor");
        refused(pickle("ccollections\nOrderedDict\n", "]", "(", "K", 1, "e", 0x85, "R", "."), "no pairs");
        refused(new byte[]{(byte) 0x80, 77, 'N', '.'}, "protocol 77; expected 2 to 5");
    }

    @Test
    void deepSelfContainingAndEndlessPicklesCostLittle() throws IOException {
        byte[] deep = new byte[200_000];
        Arrays.fill(deep, (byte) ']');
        Arrays.fill(deep, 100_000, 199_999, (byte) 'a');
        deep[deep.length - 1] = '.';
        assertInstanceOf(List.class, PickleMachine.run(deep, "x"));
        assertInstanceOf(List.class, PickleMachine.run(pickle("]", 0x94, "h", 0, "a", "."), "x"));
        assertInstanceOf(Map.class, PickleMachine.run(pickle("}", 0x94, "h", 0, "h", 0, "s", "."), "x"));
        byte[] endless = new byte[PickleMachine.MAX_OPERATIONS + 1];
        Arrays.fill(endless, (byte) 'N');
        refused(endless, "more than 2000000 operations");
    }
}
