package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.cli.Commands.s4;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.cli.Commands.Said;
import s4j.io.SafeTensors;

/** {@code s4 verify} on untrained models of libtorch's side. */
final class VerifyCommandTest {
    private static final double TOLERANCE = 1e-5;

    @TempDir
    Path tmp;

    /** A network with one kind of layer. */
    private record Kind(String name, Map<String, @Nullable Object> layer, Map<String, @Nullable Object> body,
            String mode, int blocks, boolean streams) {
        @Override
        public String toString() { return name; }

        Map<String, @Nullable Object> network() {
            Map<String, @Nullable Object> own = new LinkedHashMap<>(Map.of("d_state", 8));
            own.putAll(layer);
            Map<String, @Nullable Object> model = new LinkedHashMap<>(Map.of("d_model", 8));
            model.putAll(body);
            model.put("layer", own);
            return Map.of("d_input", 2, "d_output", 3, "l_max", 64, "model", model, "decoder", Map.of("mode", mode));
        }
    }

    private static final Map<String, @Nullable Object> TWO = Map.of("_name_", "model", "n_layers", 2);
    private static final Map<String, @Nullable Object> POOLED = Map.of("_name_", "sashimi", "n_layers", 1, "pool",
            List.of(2, 2));

    static Stream<Arguments> kinds() {
        return Stream.of(new Kind("s4d", Map.of("mode", "diag"), TWO, "step", 2, true),
                new Kind("s4", Map.of("mode", "nplr"), TWO, "pool", 2, true),
                new Kind("s4 of rank 2, 2 channels",
                        Map.of("mode", "nplr", "init", List.of("legt"), "rank", 2, "channels",
                                2),
                        TWO, "last", 2, true),
                new Kind("sashimi", Map.of("mode", "nplr"), POOLED, "step", 3, true),
                new Kind("two-sided s4d", Map.of("mode", "diag", "bidirectional", true), TWO, "pool", 2, false),
                new Kind("two-sided s4", Map.of("mode", "nplr", "bidirectional", true), TWO, "pool", 2, false),
                new Kind("two-sided sashimi", Map.of("mode", "diag", "bidirectional", true), POOLED, "pool", 3, false))
                .map(Arguments::of);
    }

    private String model(Kind kind) throws IOException {
        return Commands.model(tmp.resolve("m.safetensors"), kind.network(), Map.of()).toString();
    }

    /** The numbers of a line of the table. */
    private static double[] errors(String out, String name) {
        Matcher line = Pattern.compile("(?m)^  " + name + " +(\\S+)(?: +(\\S+))?(?: +(\\S+))?$").matcher(out);
        assertTrue(line.find(), () -> name + " in " + out);
        return java.util.stream.IntStream.rangeClosed(1, 3).filter(i -> line.group(i) != null)
                .mapToDouble(i -> Double.parseDouble(line.group(i))).toArray();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void soundModelsPassWithTheirErrors(Kind kind) throws IOException {
        Said said = s4("", "verify", model(kind), "--steps", "3000");
        assertEquals(0, said.code(), said.out() + said.err());
        assertEquals("verify: all forms agree (tolerance 1.0E-5)", said.lastLine());
        for (int i = 0; i < kind.blocks(); i++) {
            double[] kernel = errors(said.out(), "layer " + i);
            assertTrue(kernel[0] <= TOLERANCE && kernel[1] <= 10 * TOLERANCE, said.out());
        }
        assertFalse(said.out().contains("layer " + kind.blocks()), said.out());
        if (kind.streams()) {
            assertTrue(errors(said.out(), "chunks")[0] <= TOLERANCE && errors(said.out(), "steps")[0] <= TOLERANCE);
            assertTrue(Arrays.stream(errors(said.out(), "3,000 steps")).allMatch(e -> e <= 10 * TOLERANCE));
            assertTrue(said.err().contains("3,000 of 3,000 steps"), said.err());
        } else {
            assertTrue(said.out().contains("note: no states: ") && said.out().contains("bidirectional"), said.out());
            assertFalse(said.out().contains("chunks"), said.out());
        }
    }

    /** Issue: 1.6e-5 of a tolerance of 1e-5, all of it roundings of forty layers one after the other. */
    @Test
    void aDeepNarrowNetworkPassesByTheRuleForDepth() throws IOException {
        Kind deep = new Kind("s4 of 40 layers", Map.of("mode", "nplr", "d_state", 64),
                Map.of("_name_", "model", "n_layers", 40, "d_model", 4), "pool", 40, true);
        Said said = s4("", "verify", model(deep), "--steps", "1000");
        assertEquals(0, said.code(), said.out() + said.err());
        double allowed = s4j.stream.Verification.tolerance(TOLERANCE, 40);
        assertTrue(errors(said.out(), "chunks")[0] <= allowed && errors(said.out(), "steps")[0] <= allowed, said.out());
    }

    @Test
    void aKernelWithoutARecurrenceIsSaid() throws IOException {
        Kind dss = new Kind("dss", Map.of("mode", "diag", "disc", "dss"), TWO, "pool", 0, false);
        Said said = s4("", "verify", model(dss));
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().contains("note: disc dss has a kernel and no recurrence"), said.out());
    }

    @Test
    void formsThatDifferByMoreThanTheToleranceFail() throws IOException {
        Said said = s4("", "verify", Commands.values(tmp), "--steps", "2000", "--tolerance", "1e-12");
        assertEquals(1, said.code(), said.out());
        assertEquals("verify: FORMS DISAGREE (tolerance 1.0E-12)", said.lastLine());
        assertTrue(errors(said.out(), "2,000 steps")[0] > 1e-12, "the errors are still shown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--steps 0|--steps 0", "--length 2147483647|--length 2147483647; expected at most",
            "--steps -1|above 0", "--length 0|--length 0",
            "--tolerance 0|--tolerance 0.0", "--tolerance NaN|--tolerance NaN", "--steps many|'many' is not a long"})
    void optionsThatMeanNothingAreRefused(String line) throws IOException {
        String[] parts = line.split("\\|", 2);
        String[] option = parts[0].split(" ", -1);
        Said said = s4("", "verify", Commands.values(tmp), option[0], option[1]);
        assertEquals(2, said.code(), said.out());
        assertTrue(said.err().contains(parts[1]), said.err());
    }

    @Test
    void whatIsNoModelIsRefused() throws IOException {
        assertTrue(s4("", "verify", "nowhere").err().contains("no file nowhere; expected one that exists"));
        Path file = tmp.resolve("x.safetensors");
        Files.writeString(file, "not a model");
        Said garbage = s4("", "verify", file.toString());
        assertTrue(garbage.code() == 2 && garbage.err().contains("x.safetensors"), garbage.err());
        new SafeTensors(Map.of(), Map.of("s4j.format", "1", "s4j.config", "{}", "s4j.provenance", "{}")).write(file);
        Said empty = s4("", "verify", file.toString());
        assertTrue(empty.code() == 2 && empty.err().contains("s4j.config has no network"), empty.err());
        assertFalse(empty.err().contains("\tat "), empty.err());
    }
}
