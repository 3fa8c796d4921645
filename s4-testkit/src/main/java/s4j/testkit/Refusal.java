package s4j.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;

/** What a refused call tells its user. */
public final class Refusal {
    /** The message of the IllegalArgumentException that the call must throw. */
    public static String messageOf(Executable call) {
        return messageOf(IllegalArgumentException.class, call);
    }

    /** The message of the exception of this type that the call must throw. */
    public static String messageOf(Class<? extends Exception> type, Executable call) {
        return String.valueOf(assertThrows(type, call).getMessage());
    }

    private Refusal() {}
}
