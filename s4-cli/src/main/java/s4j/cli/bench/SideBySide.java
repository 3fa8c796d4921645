package s4j.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs works, ours and the peers' in turn.
 *
 * @param ours s4j
 * @param peers those that are there
 * @param rounds of each work
 * @param memory whether to measure memory too
 * @param pace how long things take
 * @param others what tells of other programs
 */
public record SideBySide(Contender ours, List<Contender> peers, int rounds, boolean memory, Lap.Pace pace,
        OtherPrograms others) {
    /** With the usual pace. */
    public SideBySide(Contender ours, List<Contender> peers, int rounds, boolean memory) {
        this(ours, peers, rounds, memory, Lap.Pace.USUAL, OtherPrograms.ofThisMachine());
    }

    /** One work; a peer that has no program for it is left out. */
    public Result run(Work work) {
        List<Contender> all = new ArrayList<>(List.of(ours));
        peers.stream().filter(p -> p.takesPart(work)).forEach(all::add);
        List<Lap> laps = all.stream().map(c -> new Lap(c, pace, others)).toList();
        laps.forEach(lap -> lap.begin(work));
        for (int i = 0; i < rounds; i++) {
            laps.forEach(Lap::round);
        }
        Map<String, Result.Entry> entries = new LinkedHashMap<>();
        for (int i = 0; i < laps.size(); i++) {
            entries.put(all.get(i).name(), entry(all.get(i), laps.get(i).timing(), work));
        }
        // a new process for the next work, as a user's would be: what a JIT compiler makes of code depends on what ran before
        ours.close();
        Result.Entry own = java.util.Objects.requireNonNull(entries.remove(ours.name()));
        return new Result(work, own, entries);
    }

    private Result.Entry entry(Contender contender, Timing timing, Work work) {
        if (!memory) {
            return new Result.Entry(timing, null, null);
        }
        try {
            return new Result.Entry(timing, contender.memory(work), null);
        } catch (StoppedException e) {
            return new Result.Entry(timing, null, e.reason());
        }
    }
}
