package s4j.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import s4j.train.config.ConfigLoader;

final class OwnProcessTest {
    private static final ConfigLoader CONFIGS = ConfigLoader.usual(List.of());
    private static final List<Work.Pass> BOTH = List.of(Work.Pass.values());

    private static List<String> answers(String... lines) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OwnProcess.serve(CONFIGS, "auto", new BufferedReader(new StringReader(String.join("\n", lines))),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static List<Work.Kind> kinds(Work.Model model) {
        return java.util.Arrays.stream(Work.Kind.values()).filter(k -> !model.rival() || k.trains()).toList();
    }

    @Test
    void runsEveryKindOfWork() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Work.Model model : Work.Model.values()) {
            for (Work.Kind kind : kinds(model)) {
                for (Work.Pass pass : kind == Work.Kind.SASHIMI_STEPS ? List.of(Work.Pass.FWD) : BOTH) {
                    lines.add("prepare " + new Work(model, kind, pass, 2, 4, 10, 4, 1).words());
                    lines.add("time 2");
                }
            }
        }
        List<String> said = answers(lines.toArray(String[]::new));
        assertTrue(said.getFirst().startsWith("ready libtorch"), said.getFirst());
        assertEquals(lines.size() + 1, said.size());
        for (int i = 1; i < said.size(); i++) {
            int values = lines.get(i - 1).startsWith("time") ? 2 : 1;
            assertTrue(said.get(i).matches("ms( [0-9.]+){" + values + "}"), lines.get(i - 1) + " -> " + said.get(i));
        }
    }

    @Test
    void mistakesAreAnswered() throws IOException {
        assertEquals(List.of("error time before prepare", "error unknown command bogus"), answers("time 1", "bogus")
                .subList(1, 3));
        assertTrue(answers("prepare s4d convolution fwd 1 2").get(1).contains("expected MODEL KIND PASS"));
        assertTrue(answers("prepare lstm block fwd 1 4 16 4 1").get(1).contains("expected training-step"));
        assertTrue(answers("prepare s4 sashimi-steps fwd-bwd 1 4 16 4 1").get(1).contains("expected fwd"));
    }

    @Test
    void worksAreReadAsTheyAreWritten() {
        List<Work> works = Works.all(CONFIGS, false);
        Set<String> names = new HashSet<>();
        for (Work w : works) {
            assertEquals(w, Work.parse(w.words()));
            assertTrue(names.add(w.name()), w.name());
        }
    }

    @Test
    void quickWorksAreTheRowsWithAFigureToReach() {
        assertEquals(List.of("s4d/convolution/fwd-bwd/b50-h128-l784", "s4d/convolution/fwd-bwd/b4-h128-l16384",
                "s4d/training-step/b50-h64-l784", "s4/block/fwd-bwd/b50-h128-l784", "s4/block/fwd-bwd/b4-h128-l16384",
                "s4/training-step/b50-h64-l784", "lstm/training-step/b50-h64-l784",
                "transformer/training-step/b50-h64-l784"), Works.all(CONFIGS, true).stream().map(Work::name).toList());
        assertTrue(Works.all(CONFIGS, false).containsAll(Works.all(CONFIGS, true)));
        for (Work w : Works.all(CONFIGS, true).stream().filter(w -> !w.model().rival()).toList()) {
            assertNotEquals(null, KnownFigures.of("torch", w), w.name());
        }
    }

    @Test
    void onlyChoosesByName() {
        List<Work> works = Works.all(CONFIGS, false);
        assertEquals(5, Works.only(works, Pattern.compile("^s4/block/fwd/b4-")).size());
        assertEquals(works, Works.only(works, Pattern.compile("")));
        assertTrue(Works.only(works, Pattern.compile("mamba")).isEmpty());
    }
}
