package s4j.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One work: ours, and the peers in order.
 *
 * @param work what was run
 * @param ours s4j
 * @param peers by name
 */
public record Result(Work work, Entry ours, Map<String, Entry> peers) {
    /**
     * Time, and memory if it was asked for.
     *
     * @param timing milliseconds
     * @param megabytes peak resident memory over the baseline in 10^6 bytes; null: not measured
     * @param memoryStopped why memory was not measured though asked for
     */
    public record Entry(Timing timing, @Nullable Double megabytes, @Nullable String memoryStopped) {}

    /** Keeps the order. */
    public Result {
        peers = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(peers));
    }

    /** How many times longer the peer takes; null where one of the two has no figure. */
    public @Nullable Double ratio(String peer) {
        Entry theirs = peers.get(peer);
        return theirs == null || !theirs.timing().measured() || !ours.timing().measured()
                ? null
                : theirs.timing().median() / ours.timing().median();
    }

    /** What a ratio is worth. */
    public enum Standing {
        /** The peer is as fast as it is known to be, within a fifth. */
        COUNTS,
        /** Nobody knows how fast the peer should be here. */
        UNVERIFIED,
        /** The peer is slower than it is known to be. */
        TOO_SLOW,
        /** Other programs ran meanwhile. */
        DISTURBED,
        /** One of the two has no figure. */
        NONE
    }

    /** What the ratio to a peer is worth. */
    public Standing standing(String peer) {
        Entry theirs = peers.get(peer);
        if (theirs == null || ratio(peer) == null) {
            return Standing.NONE;
        }
        if (ours.timing().disturbed() || theirs.timing().disturbed()) {
            return Standing.DISTURBED;
        }
        Double known = KnownFigures.of(peer, work);
        if (known == null) {
            return Standing.UNVERIFIED;
        }
        return theirs.timing().median() <= KnownFigures.SLACK * known ? Standing.COUNTS : Standing.TOO_SLOW;
    }

    /** What a reader of the peer's figure has to know; empty: nothing. */
    public List<String> notes(String peer) {
        List<String> notes = new ArrayList<>();
        Entry theirs = peers.get(peer);
        Double known = KnownFigures.of(peer, work);
        if (theirs == null) {
            return notes;
        }
        if (theirs.timing().stopped() != null) {
            notes.add(theirs.timing().measured()
                    ? "%s: %d round%s (%s)".formatted(peer, theirs.timing().rounds().size(),
                            theirs.timing().rounds().size() == 1 ? "" : "s", theirs.timing().stopped())
                    : peer + ": " + theirs.timing().stopped());
        }
        if (standing(peer) == Standing.DISTURBED) {
            notes.add("does not count: other programs took %.0f %% of the processor (s4j's rounds) and %.0f %% (%s's)"
                    .formatted(100 * ours.timing().others(), 100 * theirs.timing().others(), peer));
        }
        if (known != null && theirs.timing().measured() && theirs.timing().median() > KnownFigures.SLACK * known) {
            notes.add("does not count: %s took %s ms, expected at most 1.2 × %s ms".formatted(peer,
                    Timing.number(theirs.timing().median()), Timing.number(known)));
        }
        if (theirs.memoryStopped() != null) {
            notes.add(peer + " memory: " + theirs.memoryStopped());
        }
        return notes;
    }
}
