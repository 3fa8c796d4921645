package s4j.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import s4j.io.Json;

final class ReportsTest {
    private static Work work(int l) {
        return new Work(Work.Model.S4D, Work.Kind.CONVOLUTION, Work.Pass.FWD, 4, 128, l, 64, 1);
    }

    private static Result.Entry entry(double ms, @Nullable Double megabytes) {
        return new Result.Entry(new Timing(List.of(ms - 1, ms, ms + 2), null), megabytes, null);
    }

    private static Result.Entry stopped(String why) { return new Result.Entry(new Timing(List.of(), why), null, why); }

    private static List<Result> results() {
        Map<String, Result.Entry> both = new LinkedHashMap<>();
        both.put("torch", entry(20, 900.0));
        both.put("jax", entry(15, 500.0));
        Map<String, Result.Entry> failing = new LinkedHashMap<>();
        failing.put("torch", stopped("out of memory"));
        failing.put("jax", entry(60, null));
        return List.of(new Result(work(1024), entry(5, 40.0), failing), new Result(work(256), entry(2, 10.0), both));
    }

    @Test
    void jsonHasOneRowForEachWorkAndPeer() throws IOException {
        List<?> rows = rows(results());
        assertEquals(4, rows.size());
        assertEquals(
                Map.of("work", "s4d/convolution/fwd/b4-h128-l1024", "ours_ms", 5.0, "peer", "jax", "peer_ms", 60.0,
                        "ratio",
                        12.0),
                firstFive(rows.get(1)));
        Map<?, ?> failed = (Map<?, ?>) rows.getFirst();
        assertTrue(failed.containsKey("ratio") && failed.get("ratio") == null && failed.get("peer_ms") == null,
                failed::toString);
        assertEquals("none", failed.get("standing"));
        assertTrue(String.valueOf(failed.get("note")).contains("out of memory"), failed::toString);
    }

    private static List<?> rows(List<Result> results) throws IOException {
        return Objects.requireNonNull((List<?>) Json.parse(JsonReport.of(results), "test"));
    }

    private static Map<Object, Object> firstFive(Object row) {
        Map<Object, Object> first = new LinkedHashMap<>();
        ((Map<?, ?>) row).entrySet().stream().limit(5).forEach(e -> first.put(e.getKey(), e.getValue()));
        return first;
    }

    @Test
    void jsonHasNoRatioThatIsKnownToBeWrong() throws IOException {
        Result.Entry disturbed = new Result.Entry(new Timing(List.of(900.0), null, 0.6), null, null);
        Result r = new Result(work(256), entry(2, null), Map.of("torch", disturbed));
        Map<?, ?> row = (Map<?, ?>) rows(List.of(r)).getFirst();
        assertEquals("disturbed", row.get("standing"));
        assertEquals(900.0, row.get("peer_ms"));
        assertTrue(row.containsKey("ratio") && row.get("ratio") == null, row::toString);
        assertTrue(MarkdownReport.of(Map.of(), List.of(r), Map.of()).contains("(450.0) [1]"));
    }

    @Test
    void withoutPeersJsonHasOurs() throws IOException {
        List<?> rows = rows(List.of(new Result(work(256), entry(2, null), Map.of())));
        Map<?, ?> row = (Map<?, ?>) rows.getFirst();
        assertEquals(2.0, row.get("ours_ms"));
        assertTrue(row.containsKey("peer") && row.get("peer") == null, row::toString);
    }

    @Test
    void tableShowsRatiosSpreadMemoryAndReasons() {
        String page = MarkdownReport.of(Map.of("machine", "a processor"), results(), Map.of("time.svg", "time"));
        assertTrue(page.contains("* machine: a processor"), page);
        assertTrue(
                page.contains(
                        "| `s4d/convolution/fwd/b4-h128-l256` | 2.00 (1.00 … 4.00) | 20.0 (19.0 … 22.0) | ~10.0 | "
                                + "15.0 (14.0 … 17.0) | ~7.50 |"),
                page);
        assertTrue(page.contains("| out of memory | – [1] [2] |"), page);
        assertTrue(page.contains("1. `s4d/convolution/fwd/b4-h128-l1024`: torch: out of memory"), page);
        assertTrue(page.contains("| `s4d/convolution/fwd/b4-h128-l256` | 10 | 900 | 500 |"), page);
        assertTrue(page.contains("![time](time.svg)"), page);
    }

    private static Result blockOfThree() {
        Map<String, Result.Entry> three = new LinkedHashMap<>();
        three.put("torch", entry(400, 900.0));
        three.put("jax", entry(300, 500.0));
        three.put("official", entry(700, 950.0));
        Work block = new Work(Work.Model.S4, Work.Kind.BLOCK, Work.Pass.FWD_BWD, 50, 128, 784, 64, 1);
        return new Result(block, entry(100, 40.0), three);
    }

    @Test
    void theOfficialImplementationHasColumnsAndRowsOfItsOwn() throws IOException {
        List<Result> results = List.of(results().getLast(), blockOfThree());
        List<?> rows = rows(results);
        assertEquals(5, rows.size());
        assertEquals(Map.of("work", "s4/block/fwd-bwd/b50-h128-l784", "ours_ms", 100.0, "peer", "official", "peer_ms",
                700.0, "ratio", 7.0), firstFive(rows.getLast()));
        assertEquals("counts", ((Map<?, ?>) rows.getLast()).get("standing"));
        String page = MarkdownReport.of(Map.of(), results, Map.of());
        assertTrue(page.contains("| work | s4j | torch | × | jax | × | official | × |"), page);
        assertTrue(page.contains("15.0 (14.0 … 17.0) | ~7.50 | – | – |"), "not at convolutions: " + page);
        assertTrue(page.contains("| 700 (699 … 702) | 7.00 |"), page);
        assertTrue(page.contains("| `s4d/convolution/fwd/b4-h128-l256` | 10 | 900 | 500 | – |"), page);
        assertFalse(MarkdownReport.of(Map.of(), results(), Map.of()).contains("official"));
    }

    @Test
    void plotsShowTimeAndMemoryAgainstLength() {
        List<Plots.Plot> plots = Plots.of(results());
        assertEquals(List.of("time-s4d-convolution-fwd-b4-h128.svg", "memory-s4d-convolution-fwd-b4-h128.svg"),
                plots.stream().map(Plots.Plot::file).toList());
        assertTrue(plots.getFirst().svg().startsWith("<svg xmlns="), plots.getFirst().svg());
        assertFalse(plots.getFirst().svg().contains("NaN"));
        assertTrue(Plots.of(results().subList(0, 1)).isEmpty(), "one length is no plot");
        List<Result> timesAlone = new ArrayList<>();
        results().forEach(r -> timesAlone.add(new Result(r.work(), entry(3, null), Map.of())));
        assertEquals(1, Plots.of(timesAlone).size());
    }
}
