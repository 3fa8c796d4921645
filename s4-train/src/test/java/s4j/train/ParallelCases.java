package s4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.data.TextConfig;
import s4j.io.TensorData;
import s4j.model.TargetSpec;
import s4j.torch.Learner;
import s4j.train.config.TrainConfig;
import s4j.train.fake.FakeData;
import s4j.train.fake.FakeSteps;
import s4j.train.fake.TinyRun;

/** What workers train together: every task, and text whose states are carried from batch to batch. */
final class ParallelCases {
    private ParallelCases() {}

    /** Something to train. */
    interface Case {
        String name();

        TinyRun run(Path at, String... keys);
    }

    private record OfTask(TaskContractTest.Case task) implements Case {
        @Override
        public String name() { return task.name().replaceAll("[^a-z_]+", "-"); }

        @Override
        public TinyRun run(Path at, String... keys) { return TaskContractTest.run(at, task, keys); }
    }

    private record OfSteps(String name, Dataset data, String... own) implements Case {
        @Override
        public TinyRun run(Path at, String... keys) {
            List<String> all = new ArrayList<>(List.of("model.layer.mode=diag", "model.layer.init=diag-lin"));
            all.addAll(List.of(own));
            all.addAll(List.of(keys));
            TinyRun plain = TinyRun.in(at, all.toArray(String[]::new));
            ConfigTree tree = plain.config().tree().merge(ConfigTree.of(Map.of("task", Map.of("_name_", "lm", "metrics",
                    List.of("accuracy", "ppl")), "encoder", "embedding", "decoder", Map.of("mode", "step")),
                    new Origin("test")));
            return new TinyRun(at, Learner::create, data, ResolvedConfig.of(TrainConfig.of(tree)), null, false, plain
                    .stop());
        }
    }

    static List<Case> all(Path at) throws IOException {
        List<Case> out = new ArrayList<>();
        TaskContractTest.cases().forEach(c -> out.add(new OfTask(c)));
        out.add(text(at));
        return out;
    }

    static List<Case> resumed(Path at) throws IOException {
        return List.of(new OfSteps("tokens", new FakeSteps(), "train.ema=0.9"), text(at));
    }

    private static Case text(Path at) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1500; i++) {
            text.append("the cat sat on a mat ".charAt(i * i % 21));
        }
        Path file = at.resolve("text.txt");
        if (!Files.exists(file)) {
            Files.writeString(file, text);
        }
        Dataset data = new TextConfig("text", file.toString(), TextConfig.Level.CHARACTERS, 4096, 1, 1000, 16, 0.1, 1,
                0.1,
                TextConfig.Malformed.REFUSE, null).load(s -> {});
        return new OfSteps("text, carried", data, "train.state.mode=tbptt", "loader.l_max=5");
    }

    /** Stripes whose hash says they are others at another rank. */
    record OtherData(int rank) implements Dataset {
        private static final Dataset STRIPES = new FakeData();

        @Override
        public String name() { return STRIPES.name(); }

        @Override
        public int dInput() { return STRIPES.dInput(); }

        @Override
        public int lMax() { return STRIPES.lMax(); }

        @Override
        public TargetSpec targets() { return STRIPES.targets(); }

        @Override
        public SequenceSet train() { return STRIPES.train(); }

        @Override
        public SequenceSet validation() { return STRIPES.validation(); }

        @Override
        public SequenceSet test() { return STRIPES.test(); }

        @Override
        public Map<String, TensorData> transform() { return STRIPES.transform(); }

        @Override
        public String hash() { return "%064d".formatted(rank); }
    }
}
