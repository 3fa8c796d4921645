package s4j.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import s4j.cli.bench.Work.Kind;
import s4j.cli.bench.Work.Model;
import s4j.cli.bench.Work.Pass;
import s4j.train.config.ConfigLoader;
import s4j.train.config.TrainConfig;

/** Which works there are. */
public final class Works {
    private static final int H = 128;
    private static final int N = 64;
    private static final int MNIST = 784;
    private static final int SWEEP_B = 4;
    private static final int LONG = 16_384;
    private static final int RIVAL_H = 64;
    private static final int RIVAL_LAYERS = 4;
    private static final int RIVAL_L = 4096;
    /** The official recipe for Informer's sets: 384 steps and 96 to forecast. */
    private static final int FORECAST_L = 480;
    private static final int TEXT_H = 256;
    private static final int TEXT_L = 1024;
    private static final int LONG_TEXT_L = 8192;
    private static final int TEXT_LAYERS = 6;
    /** Pools of 4 and 4: after so many steps each stage has run as often as it does on average. */
    private static final int PERIOD = 16;
    private static final int[] SWEEP = {256, 1024, 4096, LONG, 65_536};

    private Works() {}

    /**
     * All works in order: the rows that have a figure to reach first, then the other passes at their sizes, then the sweep
     * over lengths, one very long sequence, and streams.
     *
     * @param quick only the rows that have a figure to reach
     */
    public static List<Work> all(ConfigLoader configs, boolean quick) {
        List<Work> works = new ArrayList<>();
        for (Model model : Model.FAMILY) {
            Kind kind = model == Model.S4D ? Kind.CONVOLUTION : Kind.BLOCK;
            works.add(layer(model, kind, Pass.FWD_BWD, 50, MNIST));
            works.add(layer(model, kind, Pass.FWD_BWD, SWEEP_B, LONG));
            works.add(training(configs, model));
        }
        for (Model model : List.of(Model.LSTM, Model.TRANSFORMER)) {
            works.add(new Work(model, Kind.TRAINING_STEP, Pass.FWD_BWD, 50, RIVAL_H, MNIST, N, RIVAL_LAYERS));
        }
        if (quick) {
            return works;
        }
        for (Model model : Model.FAMILY) {
            for (Kind kind : List.of(Kind.CONVOLUTION, Kind.BLOCK)) {
                for (Pass pass : Pass.values()) {
                    works.add(layer(model, kind, pass, 50, MNIST));
                    for (int l : SWEEP) {
                        works.add(layer(model, kind, pass, SWEEP_B, l));
                    }
                }
            }
        }
        works.add(new Work(Model.S4D, Kind.CONVOLUTION, Pass.FWD, 1, 64, 1_000_000, N, 1));
        for (Model model : List.of(Model.LSTM, Model.TRANSFORMER)) {
            works.add(new Work(model, Kind.TRAINING_STEP, Pass.FWD_BWD, SWEEP_B, RIVAL_H, RIVAL_L, N, RIVAL_LAYERS));
        }
        for (Model model : Model.FAMILY) {
            works.add(new Work(model, Kind.FORECAST_STEP, Pass.FWD_BWD, 50, H, FORECAST_L, N, 2));
            works.add(new Work(model, Kind.TEXT_STEP, Pass.FWD_BWD, 16, TEXT_H, TEXT_L, N, TEXT_LAYERS));
            works.add(new Work(model, Kind.TEXT_STEP, Pass.FWD_BWD, 1, TEXT_H, LONG_TEXT_L, N, TEXT_LAYERS));
        }
        // of about as many parameters
        works.add(
                new Work(Model.TRANSFORMER, Kind.TEXT_STEP, Pass.FWD_BWD, 1, TEXT_H / 2, LONG_TEXT_L, N, TEXT_LAYERS));
        works.add(new Work(Model.LSTM, Kind.TEXT_STEP, Pass.FWD_BWD, 16, RIVAL_H, TEXT_L, N, TEXT_LAYERS));
        for (Model model : Model.FAMILY) {
            works.add(new Work(model, Kind.SASHIMI_STEPS, Pass.FWD, 1, 64, PERIOD, N, 8));
            works.add(new Work(model, Kind.SASHIMI_STEPS, Pass.FWD, 32, 64, PERIOD, N, 8));
        }
        return works.stream().distinct().toList();
    }

    /** Those whose name contains a match of the expression. */
    public static List<Work> only(List<Work> works, Pattern expression) {
        return works.stream().filter(w -> expression.matcher(w.name()).find()).toList();
    }

    private static Work layer(Model model, Kind kind, Pass pass, int b, int l) {
        return new Work(model, kind, pass, b, H, l, N, 1);
    }

    /** The network that {@code pipeline=mnist model=…} trains, both with the states of {@code model=s4d}. */
    private static Work training(ConfigLoader configs, Model model) {
        TrainConfig c = configs.load(List.of("pipeline=mnist", "model=" + model.word(), "model.layer.d_state=32"));
        return new Work(model, Kind.TRAINING_STEP, Pass.FWD_BWD, c.loader().batchSize(), c.model().dModel(), MNIST,
                c.model().s4().orElseThrow().dState(), c.model().nLayers());
    }
}
