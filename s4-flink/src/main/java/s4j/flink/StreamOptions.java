package s4j.flink;

import java.io.Serializable;

/**
 * How streams are stepped.
 *
 * @param order in which a key's readings are taken
 * @param gaps what a key does where readings are missing
 * @param batch readings of different keys that are stepped together at most; each has the bits it has alone
 * @param latency milliseconds that a reading waits for others at most, first in a buffer on its way to its key's subtask, then for its batch
 * @param cached streams that a subtask keeps at hand; others rest in the state backend
 * @param newModel what becomes of streams of another model, e.g. after a restore with a newer file
 */
public record StreamOptions(Order order, Gap.ByKey gaps, int batch, long latency, int cached, NewModel newModel)
        implements
            Serializable {
    /** Event time, no gaps, at most 256 together within 5 ms; another model is refused. */
    public static final StreamOptions STANDARD = new StreamOptions(Order.EVENT_TIME, key -> Gap.NONE, 256, 5, 16_384,
            NewModel.REFUSE);

    /** In which order a key's readings are taken. */
    public enum Order {
        /**
         * By their time, when the watermark has passed it; of the same time as they came. A reading whose time the watermark has already passed is
         * late and goes to the side output.
         */
        EVENT_TIME,
        /** As they come; one that is older than the one before it is late. */
        ARRIVAL
    }

    /** What becomes of streams of another model. */
    public enum NewModel {
        /** The job does not start. */
        REFUSE,
        /** Each begins anew at its next reading. */
        RESET
    }

    /** Checks the numbers. */
    public StreamOptions {
        if (batch < 1 || latency < 0 || cached < 1) {
            throw new IllegalArgumentException(
                    "batch %d, latency %d, cached %d; expected at least 1, 0 and 1".formatted(batch, latency, cached));
        }
    }

    /** With another order. */
    public StreamOptions with(Order other) {
        return new StreamOptions(other, gaps, batch, latency, cached, newModel);
    }

    /** With other gaps. */
    public StreamOptions with(Gap.ByKey other) {
        return new StreamOptions(order, other, batch, latency, cached, newModel);
    }

    /** With another rule for other models. */
    public StreamOptions with(NewModel other) {
        return new StreamOptions(order, gaps, batch, latency, cached, other);
    }

    /** With other sizes. */
    public StreamOptions sized(int together, long millis, int atHand) {
        return new StreamOptions(order, gaps, together, millis, atHand, newModel);
    }
}
