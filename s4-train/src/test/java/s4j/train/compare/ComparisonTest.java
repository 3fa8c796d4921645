package s4j.train.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.torch.Learner;
import s4j.train.LearnerFactory;
import s4j.train.StopRequest;
import s4j.train.config.TrainConfig;
import s4j.train.fake.FakeData;
import s4j.train.fake.TinyRun;
import s4j.train.run.MetricsLog;
import s4j.train.run.RunException;
import s4j.train.task.Metric;

/** Comparisons of real networks on stripes, of one epoch each. */
class ComparisonTest {
    private static final String SIZE = "budget.params=6000";

    @TempDir
    Path tmp;

    private final StringWriter said = new StringWriter();

    private static TrainConfig config(Object layer) {
        ConfigTree tree = Binder.tree(TinyRun.config("trainer.max_epochs=1", "model.d_model=8").values())
                .without("model.layer")
                .with("model.layer",
                        ConfigTree.of(layer, new Origin("test")));
        return TrainConfig.of(tree);
    }

    private static Map<String, TrainConfig> models() {
        Map<String, TrainConfig> out = new LinkedHashMap<>();
        out.put("s4d", config(Map.of("_name_", "s4", "mode", "diag", "init", "diag-lin", "d_state", 4)));
        out.put("lstm", config(Map.of("_name_", "lstm")));
        out.put("ahead",
                config(List.of(Map.of("_name_", "attention", "n_heads", 2, "causal", false), Map.of("_name_", "ff"))));
        return out;
    }

    private @Nullable Path compare(LearnerFactory learners, StopRequest stop, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("models=s4d,lstm,ahead", "seeds=2", "growth=0"));
        all.addAll(List.of(words));
        Comparison.Job job = new Comparison.Job(Plan.of(all), models(), new FakeData(), learners, tmp.resolve("c"),
                "test");
        return new Comparison(job, new PrintWriter(said, true), stop).run();
    }

    @Test
    void everyModelHasItsSizeThreeRatesAndItsSeedsInOneReport() throws IOException {
        Path page = given(compare(Learner::create, new StopRequest(), SIZE, "growth=256"));
        String html = Files.readString(page);
        for (String heading : List.of("Models", "Where S4 loses", "What did not work", "Learning rates tried",
                "Growth with the length")) {
            assertTrue(html.contains(heading), heading);
        }
        assertTrue(html.contains("ahead does not stream: attention that is not causal"), html);
        List<String> models = Files.readAllLines(tmp.resolve("c", "models.csv"));
        assertEquals(4, models.size());
        for (String line : models.subList(1, 4)) {
            double parameters = Double.parseDouble(line.split(",", -1)[1]);
            assertEquals(6000, parameters, 6000 * Sizing.TOLERANCE, line);
            assertTrue(line.contains(" ± "), line);
        }
        List<String> rates = Files.readAllLines(tmp.resolve("c", "rates.csv"));
        assertEquals(10, rates.size());
        assertEquals(3, rates.stream().filter(r -> r.endsWith("chosen")).count());
        List<String> growth = Files.readAllLines(tmp.resolve("c", "growth.csv"));
        assertEquals(7, growth.size(), growth.toString());
        assertEquals(5 + 1, growth.stream().filter(g -> g.endsWith(",")).count(), growth.toString());
        assertTrue(growth.stream().anyMatch(g -> g.startsWith("ahead,streamed step,256,,") && g.contains("cannot run")),
                growth.toString());
        assertEquals(3 * (3 + 1), runs().size());
    }

    @Test
    void aStoppedComparisonKeepsWhatIsFinishedAndResumesTheRest() throws IOException {
        StopRequest stop = new StopRequest();
        LearnerFactory third = (network, options) -> {
            if (options.optimizer().lr() == 0.06) { // the third run
                stop.request();
            }
            return Learner.create(network, options);
        };
        assertNull(compare(third, stop, SIZE));
        assertTrue(said.toString().contains("goes on from here"), said.toString());
        Path first = tmp.resolve("c", "runs", "s4d-lr0.006-seed1", "model.safetensors");
        FileTime before = Files.getLastModifiedTime(first);
        given(compare(Learner::create, new StopRequest(), SIZE));
        assertEquals(before, Files.getLastModifiedTime(first));
        assertFails(RunException.class, () -> compare(Learner::create, new StopRequest(), SIZE, "seeds=3"),
                "holds another comparison");
    }

    @Test
    void whatFailsIsNamedAndTheOthersGoOn() throws IOException {
        LearnerFactory small = (network, options) -> {
            if (network.model().title().equals("LSTM")) {
                throw new OutOfMemoryError("of a test");
            }
            return Learner.create(network, options);
        };
        Path page = given(compare(small, new StopRequest(), SIZE));
        assertTrue(Files.readString(page).contains("lstm: out of memory: of a test"));
        assertTrue(Files.exists(tmp.resolve("c", "runs", "ahead-lr0.02-seed1", "model.safetensors")));
    }

    @Test
    void aBudgetThatNoModelMeetsIsSaid() throws IOException {
        String html = Files.readString(given(compare(Learner::create, new StopRequest(), "budget.params=20")));
        assertTrue(html.contains("model lstm cannot have 20 parameters within 3 %: d_model 1 has"), html);
        assertFalse(Files.exists(tmp.resolve("c", "runs")));
    }

    @Test
    void minutesAreKeptByEachRunAndItsScheduleEndsWithThem() throws IOException {
        double minutes = 0.02;
        given(compare(Learner::create, new StopRequest(), "models=s4d,lstm", "seeds=1", SIZE,
                "budget.minutes=" + minutes));
        for (Path run : runs()) {
            List<String> times = Files.readAllLines(run.resolve("timing.csv"));
            double trained = Double.parseDouble(times.getLast().split(",", -1)[3]);
            assertEquals(60 * minutes, trained, 0.25 * 60 * minutes, run.toString()); // one step, whatever else runs here
            List<MetricsLog.Row> steps = MetricsLog.read(run.resolve("metrics.jsonl")).stream()
                    .filter(r -> r.split().equals("train")).toList();
            assertTrue(steps.size() > 3, run.toString());
        }
    }

    @Test
    void ofEqualValidationsTheOneOfTheLowerLossIsChosen() {
        Metric accuracy = new Metric("accuracy", true);
        Map<String, Double> sure = Map.of("accuracy", 1.0, "loss", 0.1);
        Map<String, Double> unsure = Map.of("accuracy", 1.0, "loss", 0.3);
        assertTrue(accuracy.better(sure, unsure));
        assertFalse(accuracy.better(unsure, sure));
        assertTrue(accuracy.better(unsure, Map.of("accuracy", 0.9, "loss", 0.01)));
        assertFalse(accuracy.better(sure, sure));
        assertFalse(Metric.LOSS.better(sure, sure));
    }

    private List<Path> runs() throws IOException {
        try (var runs = Files.list(tmp.resolve("c", "runs"))) {
            return runs.toList();
        }
    }

    private static <T> T given(@Nullable T value) { return java.util.Objects.requireNonNull(value); }
}
