package s4j.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;

/**
 * Results as JSON: a list with one object for each work and peer (peer null where no peer took part): work, ours_ms,
 * peer, peer_ms, ratio; then the spread, what the ratio is worth ({@link Result.Standing}), memory where it was measured, and
 * notes. A ratio that is known to be wrong (disturbed, or a peer slower than it is known to be) is null: whoever reads
 * that field alone must not be misled.
 */
public final class JsonReport {
    private static final String OURS = "ours";
    private static final String PEER = "peer";

    private JsonReport() {}

    /** The text of the file. */
    public static String of(List<Result> results) {
        List<@Nullable Object> rows = new ArrayList<>();
        for (Result result : results) {
            if (result.peers().isEmpty()) {
                rows.add(row(result, null));
            }
            for (String peer : result.peers().keySet()) {
                rows.add(row(result, peer));
            }
        }
        return Json.pretty(rows);
    }

    private static Map<String, @Nullable Object> row(Result result, @Nullable String peer) {
        Result.Entry theirs = peer == null ? null : result.peers().get(peer);
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("work", result.work().name());
        row.put("ours_ms", rounded(result.ours().timing().median()));
        row.put("peer", peer);
        row.put("peer_ms", theirs == null ? null : rounded(theirs.timing().median()));
        Result.Standing standing = peer == null ? Result.Standing.NONE : result.standing(peer);
        boolean usable = standing == Result.Standing.COUNTS || standing == Result.Standing.UNVERIFIED;
        Double ratio = peer == null || !usable ? null : result.ratio(peer);
        row.put("ratio", ratio == null ? null : rounded(ratio));
        row.put("standing", standing.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        spread(row, OURS, result.ours());
        if (theirs != null) {
            spread(row, PEER, theirs);
        }
        List<String> notes = peer == null ? List.of() : result.notes(peer);
        if (result.ours().timing().stopped() != null) {
            row.put("ours_note", result.ours().timing().stopped());
        }
        if (!notes.isEmpty()) {
            row.put("note", String.join("; ", notes));
        }
        return row;
    }

    private static void spread(Map<String, @Nullable Object> row, String who, Result.Entry entry) {
        row.put(who + "_min_ms", rounded(entry.timing().min()));
        row.put(who + "_max_ms", rounded(entry.timing().max()));
        row.put(who + "_rounds", entry.timing().rounds().size());
        if (entry.megabytes() != null) {
            row.put(who + "_mb", entry.megabytes());
        }
    }

    /** Four digits behind the point; null for no number. */
    private static @Nullable Double rounded(double v) {
        return Double.isFinite(v) ? Math.round(v * 1e4) / 1e4 : null;
    }
}
