package s4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import s4j.testkit.TorchFile;
import s4j.train.fake.FakeData;
import s4j.train.fake.FakeLearner;

/** How each writer of the command is driven; {@link EveryWriterTest} finds those that are missing here. */
final class Writers {
    /** Stands for the file in {@link Driver#words}. */
    static final String OUT = "OUT";
    /** Stand-ins for libtorch and the data. */
    static final Parts FAKES = new Parts(FakeLearner::new, (config, log) -> new FakeData(),
            (directory, kinds) -> new Parts.ParityResult("", false));

    /**
     * A command that writes one file.
     *
     * @param option that names the file
     * @param writer simple name of the class that writes it
     * @param words with {@link #OUT} for the file
     */
    record Driver(String option, String writer, Parts parts, String input, List<String> words) {
        List<String> to(Path file) { return words.stream().map(w -> w.equals(OUT) ? file.toString() : w).toList(); }

        /** Whether another file may stand there before. */
        boolean replaces() { return !option.endsWith("--state"); }
    }

    private static Driver of(String option, String writer, String... words) {
        return new Driver(option, writer, Parts.standard(), "", List.of(words));
    }

    private static Driver faked(String option, String writer, String... words) {
        return new Driver(option, writer, FAKES, "", List.of(words));
    }

    /** All of them, but for the run directory of {@code train}; models and inputs are made in a directory. */
    static List<Driver> all(Path here) throws IOException {
        String sound = Commands.sound(here);
        String values = Commands.values(here);
        String numbers = Commands.perStep(here.resolve("numbers.safetensors"), "embedding", 5, 5, Map.of()).toString();
        String classes = Commands.model(here.resolve("classes.safetensors"),
                Map.of("d_input", 1, "d_output", 3, "l_max",
                        16, "model", Map.of("_name_", "model", "d_model", 4, "n_layers", 1, "layer",
                                Map.of("d_state", 4, "mode", "diag")),
                        "decoder", Map.of("mode", "pool")),
                Map.of()).toString();
        String series = Files.writeString(here.resolve("series.csv"), "t0,t1,t2\n" + "1,2,3\n".repeat(20)).toString();
        String vocabulary = Files.writeString(here.resolve("tokens.json"), "[\"a\",\"b\",\"c\",\"d\",\"e\"]")
                .toString();
        String official = Files.write(here.resolve("official.pt"), TorchFile.of(new ImportTest().checkpoint()))
                .toString();
        Path run = here.resolve("run");
        Commands.s4(FAKES, new byte[0], new java.io.ByteArrayOutputStream(), train(run));
        String trained = run.resolve("model.safetensors").toString();
        String days = Files.writeString(here.resolve("days.csv"), days()).toString();
        Path forecasts = here.resolve("forecasts");
        Commands.s4("", "train", "pipeline=forecast", "dataset.path=" + days, "dataset.horizon=4", "dataset.context=14",
                "model.d_model=4", "model.n_layers=1", "model.layer.d_state=4", "trainer.max_epochs=1",
                "trainer.limit_train_batches=2", "run.dir=" + forecasts);
        String forecaster = forecasts.resolve("model.safetensors").toString();
        String spotter = spotter(here);
        return List.of(of("forecast --out", "ForecastCommand", "forecast", forecaster, "--input", days, "--out", OUT),
                of("forecast --plot", "ForecastCommand", "forecast", forecaster, "--input", days, "--out", "/dev/null",
                        "--plot", OUT),
                of("listen --report", "ListenCommand", "listen", spotter, "--evaluate", "10", "--data-dir",
                        here.toString(), "--report", OUT),
                of("backtest --out", "BacktestCommand", "backtest", forecaster, "--input", days, "--windows", "2",
                        "--out",
                        OUT),
                of("backtest --html", "BacktestCommand", "backtest", forecaster, "--input", days, "--windows", "2",
                        "--html", OUT),
                of("reproduce --csv", "ReproduceCommand", "reproduce", "forecasting", "--csv", OUT),
                of("reproduce --out", "ReproduceCommand", "reproduce", "forecasting", "--out", OUT),
                of("generate --out", "WavFile", "generate", sound, "--steps", "2000", "--out", OUT),
                of("generate --out", "GeneratedFiles", "generate", numbers, "--steps", "400", "--out", OUT),
                of("generate --state", "GenerateState", "generate", numbers, "--steps", "40", "--state", OUT),
                of("generate --report", "SoundPage", "generate", sound, "--steps", "50", "--out", "/dev/null",
                        "--report", OUT),
                of("runs compare --html", "RunsPage", "runs", "compare", run.toString(), run.toString(), "--html", OUT),
                of("theory --out", "TheoryPage", "theory", "--out", OUT),
                of("inspect --html", "InspectionPage", "inspect", values, "--html", OUT),
                of("export --out", "NpzFile", "export", sound, "--format", "npz", "--out", OUT),
                of("export --out", "ExportCommand", "export", values, "--format", "onnx", "--out", OUT),
                of("export --out", "SafeTensors", "export", sound, "--format", "safetensors", "--out", OUT),
                of("export --out", "SafeTensors", "export", sound, "--weights", "bf16", "--out", OUT),
                of("export --out", "SafeTensors", "export", numbers, "--vocabulary", vocabulary, "--out", OUT),
                of("import --out", "SafeTensors", "import", official, "--out", OUT),
                new Driver("stream --state", "StateKeeper", Parts.standard(), "1,2\n",
                        List.of("stream", values, "--state", OUT)),
                of("predict --out", "PredictCommand", "predict", classes, "--input", series, "--out", OUT),
                faked("eval --predictions", "PredictionsFile", "eval", trained, "--predictions", OUT),
                faked("data --html", "DatasetPage", "data", "mnist", "--html", OUT));
    }

    /** A causal model of two tones as words. */
    private static String spotter(Path here) throws IOException {
        for (int i = 0; i < 24; i++) {
            Path file = here.resolve("sc/" + (i % 2 == 0 ? "high" : "low") + "/%08x_nohash_0.wav".formatted(i));
            java.nio.file.Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
            float[] x = new float[100];
            for (int t = 0; t < x.length; t++) {
                x[t] = (float) Math.sin(t * (i % 2 == 0 ? 1.5 : 0.3));
            }
            s4j.audio.WavFile.write(file, new s4j.audio.Waveform(1000, x));
        }
        Path run = here.resolve("listens");
        Commands.Said said = Commands.s4("", "train", "pipeline=sc", "dataset.data_dir=" + here,
                "dataset.sample_rate=1000", "dataset.sample_len=100", "dataset.split=random", "model=s4d",
                "model.d_model=4", "model.n_layers=1", "model.layer.d_state=4", "loader.batch_size=4",
                "trainer.max_epochs=1", "trainer.limit_train_batches=2", "run.dir=" + run);
        if (said.code() != 0) {
            throw new AssertionError(said.err());
        }
        return run.resolve("model.safetensors").toString();
    }

    /** Two hundred days with a week's rhythm. */
    private static String days() {
        StringBuilder out = new StringBuilder("unique_id,ds,y\n");
        for (int t = 0; t < 200; t++) {
            out.append("a,").append(java.time.LocalDate.of(2024, 1, 1).plusDays(t)).append(',')
                    .append(10 + Math.sin(t * 2 * Math.PI / 7)).append('\n');
        }
        return out.toString();
    }

    /** A short run with stand-ins. */
    static String[] train(Path run, String... more) {
        String[] words = {"train", "pipeline=mnist", "model=s4d", "trainer.max_epochs=2", "loader.batch_size=50",
                "scheduler.num_warmup_steps=2", "trainer.checkpoint_every_n_steps=3", "run.dir=" + run};
        String[] all = Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return all;
    }

    private Writers() {}
}
