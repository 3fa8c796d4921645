package s4j.official;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;
import s4j.config.Origin;
import s4j.io.MalformedFileException;
import s4j.io.SafeTensors;
import s4j.io.TensorData;
import s4j.pickle.TorchCheckpoint;

/**
 * A network from an official checkpoint, under s4j's names.
 *
 * @param layout what the checkpoint is, for people
 * @param place where in it the network stood
 * @param others further networks in it that were not chosen
 * @param findings the network's configuration, value by value
 * @param tensors by V4 name
 */
public record OfficialModel(String layout, String place, List<String> others, Findings findings,
        Map<String, TensorData> tensors) {
    /** Sequence length where nothing in the file says one. */
    public static final int USUAL_LENGTH = 1024;

    private static final int LISTED = 12;

    /** One network in a checkpoint. */
    private record Candidate(StateDict states, Layout layout, String prefix) {
        String place() { return states.place() + (prefix.isEmpty() ? "" : ", " + prefix); }
    }

    /**
     * Reads a checkpoint.
     *
     * @param from a part of the place of the network to take, where there are more than one; null: the first, moving
     *     averages last
     * @throws MalformedFileException when it is no checkpoint, or none of the known layouts; the message lists what there is
     */
    public static OfficialModel read(Path file, @Nullable String from) throws IOException {
        if (String.valueOf(file.getFileName()).endsWith(".safetensors")) {
            return read(file, from, List.of(plain(file)));
        }
        try (TorchCheckpoint checkpoint = TorchCheckpoint.open(file)) {
            return read(file, from, StateDicts.in(checkpoint, file.toString()));
        }
    }

    /** A state dict that was saved as safetensors. */
    private static StateDict plain(Path file) throws IOException {
        SafeTensors tensors = SafeTensors.read(file);
        if (tensors.metadata().containsKey("s4j.format")) {
            throw new MalformedFileException(file + ": a file of s4j already; expected weights of the official S4");
        }
        return new StateDict(file.toString(), tensor -> {
            throw new AssertionError("a safetensors file holds its numbers itself");
        }, new LinkedHashMap<>(tensors.tensors()));
    }

    private static OfficialModel read(Path file, @Nullable String from, List<StateDict> dicts) throws IOException {
        List<Candidate> candidates = candidates(dicts);
        List<Candidate> wanted = candidates.stream()
                .filter(c -> from == null || c.place().substring(file.toString().length()).contains(from)).toList();
        if (wanted.isEmpty()) {
            throw nothing(file, from, candidates, dicts);
        }
        return read(wanted.getFirst(), candidates, file);
    }

    private static List<Candidate> candidates(List<StateDict> dicts) {
        List<Candidate> out = new ArrayList<>();
        List<Candidate> averages = new ArrayList<>();
        for (StateDict states : dicts) {
            for (Layout layout : Layout.values()) {
                List<String> prefixes = layout.prefixes(states);
                for (String prefix : prefixes) {
                    Candidate c = new Candidate(states, layout, prefix);
                    (c.place().contains("ema") ? averages : out).add(c);
                }
                if (!prefixes.isEmpty()) {
                    break; // a later layout's names are parts of this one's
                }
            }
        }
        out.addAll(averages);
        return out;
    }

    private static OfficialModel read(Candidate chosen, List<Candidate> all, Path file) throws IOException {
        Findings findings = new Findings(new Origin("checkpoint " + file));
        Transfer root = Transfer.of(chosen.states(), chosen.prefix());
        chosen.layout().move(root, findings);
        List<Candidate> others = all.stream().filter(c -> !c.equals(chosen)).toList();
        refuseUnused(chosen, others);
        length(root.tensors(), findings);
        return new OfficialModel(chosen.layout().title() + ", kernels of " + findings.kernels(), chosen.place(),
                others.stream().map(Candidate::place).toList(), findings,
                Collections.unmodifiableMap(new LinkedHashMap<>(root.tensors())));
    }

    /** What C belongs to is the only length that a file knows. */
    private static void length(Map<String, TensorData> tensors, Findings findings) {
        long longest = tensors.entrySet().stream().filter(e -> e.getKey().endsWith("l_kernel"))
                .mapToLong(e -> e.getValue().toLongs()[0]).max().orElse(0);
        if (longest > 0 && longest <= Integer.MAX_VALUE) {
            findings.read("l_max", longest, "the length that C belongs to");
        } else {
            findings.assume("l_max", USUAL_LENGTH, "not in the file; kernels end there");
        }
    }

    private static void refuseUnused(Candidate chosen, List<Candidate> others) throws MalformedFileException {
        NavigableSet<String> unused = chosen.states().unused();
        for (Candidate other : others) {
            if (other.states() == chosen.states() && !other.prefix().isEmpty()) {
                unused.removeIf(n -> n.startsWith(other.prefix()));
            }
        }
        if (!unused.isEmpty()) {
            throw new MalformedFileException(chosen.place() + " looks like " + chosen.layout().title() + ", but "
                    + unused.size() + " of its names have no place there: " + listed(unused)
                    + ". Without them the model would be another one");
        }
    }

    private static MalformedFileException nothing(Path file, @Nullable String from, List<Candidate> candidates,
            List<StateDict> dicts) {
        if (!candidates.isEmpty()) {
            return new MalformedFileException(file + ": no network at a place with " + from + "; there are "
                    + candidates.stream().map(Candidate::place).toList());
        }
        StringBuilder out = new StringBuilder(file + ": none of the known layouts. Expected names with one of\n");
        Arrays.stream(Layout.values()).forEach(
                l -> out.append("  ").append(l.anchor()).append("  ").append(l.title()).append('\n'));
        if (dicts.isEmpty()) {
            return new MalformedFileException(
                    out + "Got no dictionary of tensors at all. Save model.state_dict(), not the"
                            + " model itself");
        }
        out.append("Got");
        dicts.stream().limit(4).forEach(d -> out.append("\n  ").append(d.place()).append(": ").append(d.names().size())
                .append(" names: ").append(listed(d.names())));
        return new MalformedFileException(out.toString());
    }

    private static String listed(NavigableSet<String> names) {
        String first = String.join(", ", names.stream().limit(LISTED)
                .map(n -> n.length() > 100 ? n.substring(0, 100) + "…" : n).toList());
        return names.size() > LISTED ? first + ", …" : first;
    }
}
