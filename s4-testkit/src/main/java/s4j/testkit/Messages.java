package s4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** Claims about what an error tells the user. */
public final class Messages {
    /** The action fails with exactly this type and a message that holds all the parts; returns the message. */
    public static String assertFails(Class<? extends Throwable> type, Executable action, String... parts) {
        Throwable e = assertThrows(type, action);
        assertEquals(type, e.getClass(), "type of " + e);
        String message = String.valueOf(e.getMessage());
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "message <" + message + "> should hold <" + part + ">");
        }
        return message;
    }

    private Messages() {}
}
