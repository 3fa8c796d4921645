package s4j.official;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/** Encoder and decoder of a network, wherever the layout numbers them. */
final class Ends {
    private static final Pattern ENCODER = Pattern.compile("encoder\\.(\\d+\\.)*weight");
    private static final Pattern DECODER = Pattern.compile("decoder\\.(\\d+\\.)*(output_transform\\.)?weight");
    private static final String WEIGHT = "weight";

    /** Moves the encoder: a projection has a bias, an embedding has none. */
    static void encoder(Transfer t, Findings findings, long dModel) throws IOException {
        String name = only(t, ENCODER);
        if (name == null) {
            findings.read("encoder._name_", "id", "no encoder");
            findings.read("d_input", dModel, "no encoder");
            return;
        }
        String place = name.substring(0, name.length() - WEIGHT.length());
        long[] shape = t.shape(name);
        boolean embedding = !t.has(place + "bias");
        if (shape.length != 2 || shape[embedding ? 1 : 0] != dModel) {
            throw t.malformed(name, java.util.Arrays.toString(shape),
                    embedding ? "[tokens, " + dModel + "]" : "[" + dModel + ", values per step]");
        }
        t.copy(name, "encoder.0.weight");
        if (!embedding) {
            t.copy(place + "bias", "encoder.0.bias");
        }
        findings.read("encoder._name_", embedding ? "embedding" : "linear", name + (embedding ? ": no bias" : ""));
        findings.read("d_input", shape[embedding ? 0 : 1], name);
    }

    /** Moves the decoder; {@code features} is what the body gives. */
    static void decoder(Transfer t, Findings findings, long features, String mode) throws IOException {
        String name = only(t, DECODER);
        if (name == null) {
            findings.read("decoder._name_", "id", "no decoder");
            findings.read("d_output", features, "no decoder");
            findings.assume("decoder.mode", mode, "not in the file");
            return;
        }
        t.linear(name.substring(0, name.length() - WEIGHT.length() - 1), "decoder.0.output_transform", 2);
        findings.read("decoder._name_", "sequence", name);
        findings.read("d_output", t.shape(name)[0], name);
        findings.assume("decoder.mode", mode, "not in the file");
    }

    private static @Nullable String only(Transfer t, Pattern pattern) throws MalformedFileException {
        List<String> found = t.states().names().tailSet(t.from(), true).stream().takeWhile(n -> n.startsWith(t.from()))
                .map(n -> n.substring(t.from().length())).filter(n -> pattern.matcher(n).matches()).toList();
        if (found.size() > 1) {
            throw new MalformedFileException(t.states().place() + ": got " + found + "; expected one projection");
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    private Ends() {}
}
