package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.audio.Waveform;
import s4j.config.ConfigTree;
import s4j.data.Dataset;
import s4j.data.SpeechClip;
import s4j.generate.AudioCode;
import s4j.generate.Generator;
import s4j.generate.Runaway;
import s4j.generate.Sample;
import s4j.generate.Sampling;
import s4j.generate.TokenModel;
import s4j.io.ModelFile;
import s4j.predict.Predictor;
import s4j.stream.ModelOptions;
import s4j.train.Trained;
import s4j.train.config.ConfigLoader;
import s4j.train.run.RunException;
import s4j.train.task.AudioScore;
import s4j.train.task.MarkovSound;

/** {@code s4 score-audio}: what a classifier makes of generated sound. */
@Command(name = "score-audio", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Judges a model that speaks by a classifier: how many of the clips that it is asked for are recognised as what"
                + " was asked, inception score, classes covered; beside them real clips (the upper bound) and Markov noise (the lower).",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 score-audio digits.safetensors --classifier runs/NAME/model.safetensors",
                "  s4 score-audio digits.safetensors --classifier c.safetensors --samples 40 --keep 10 --temperature 0.9"})
final class ScoreAudioCommand implements Callable<Integer> {
    private final Parts parts;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL",
            description = "A model of sound trained with dataset.conditional=true.")
    @Nullable
    Path model;

    @Option(names = "--classifier", paramLabel = "FILE", required = true,
            description = "A classifier of the same classes, e.g. of dataset=fsdd-classes.")
    @Nullable
    Path classifier;

    @Option(names = "--samples", paramLabel = "N", defaultValue = "10",
            description = "Clips of each class that are generated (default ${DEFAULT-VALUE}).")
    int samples;

    @Option(names = "--keep", paramLabel = "N",
            description = "Judge only the N most likely of each class, as the SaShiMi paper rejects by likelihood.")
    @Nullable
    Integer keep;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "0.6",
            description = "Length of each (default ${DEFAULT-VALUE}).")
    double seconds;

    @Option(names = "--temperature", paramLabel = "T", defaultValue = "1",
            description = "Less than 1 is more certain (default ${DEFAULT-VALUE}).")
    double temperature;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "Of the clips (default ${DEFAULT-VALUE}).")
    long seed;

    @Option(names = "--data-dir", paramLabel = "DIRECTORY",
            description = "Where the classifier's recordings are, if not in the usual places.")
    @Nullable
    String dataDir;

    ScoreAudioCommand(Parts parts) { this.parts = parts; }

    @Override
    public Integer call() throws IOException {
        if (spec == null || model == null || classifier == null) {
            throw new IllegalStateException("called without being parsed");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (keep != null && (keep < 1 || keep > samples)) {
            throw new RunException("--keep %d of --samples %d; expected 1 to as many as there are".formatted(keep,
                    samples));
        }
        ModelFile judgeFile = ModelInput.read(classifier);
        Predictor judge = Predictor.of(judgeFile, classifier.toString(), ModelOptions.standard());
        TokenModel tokens = speaker(judge);
        AudioCode audio = tokens.audio();
        if (audio == null) {
            throw new RunException(model + ": its tokens are no sound; expected a model of dataset=fsdd or sc09");
        }
        request(audio, 0); // before the work
        Dataset data = data(judgeFile, out);
        List<SpeechClip> real = SpeechClip.of(data, data.test());
        List<Waveform> heard = real.stream().map(SpeechClip::wave).toList();
        List<Integer> meant = real.stream().map(SpeechClip::label).toList();
        line(out, "real clips of the test split", score(judge, heard, meant), judge.names());
        // what no speaker with these levels can be above, whatever it has learnt
        line(out, "the same in the model's levels", score(judge, heard.stream().map(w -> audio.decode(audio.encode(
                w))).toList(), meant), judge.names());
        Generated made = generate(tokens, audio);
        line(out, "generated", score(judge, made.sounds, made.asked), judge.names());
        MarkovSound markov = new MarkovSound(
                SpeechClip.of(data, data.train()).stream().map(SpeechClip::wave).toList());
        List<Waveform> noise = new ArrayList<>();
        for (int i = 0; i < made.asked.size(); i++) {
            Waveform first = real.getFirst().wave();
            noise.add(markov.draw((int) (seconds * first.sampleRate()), seed + i));
        }
        line(out, "Markov noise", score(judge, noise, made.asked), judge.names());
        out.printf(Locale.ROOT, "%d of %d generated clips ran away; %.3f bits a sample under the model itself%n",
                made.runaways, made.sounds.size(), made.bits);
        Object trained = ModelFile.read(model).provenance().get("test_nll_bits");
        if (trained != null) {
            out.println("test split, from the model file: " + trained + " bits a sample");
        }
        out.flush();
        return 0;
    }

    private TokenModel speaker(Predictor judge) throws IOException {
        try {
            TokenModel tokens = TokenModel.of(ModelInput.read(model()), model().toString(), ModelOptions.standard());
            if (!tokens.classes().equals(judge.names())) {
                throw new RunException(
                        ("%s can be asked for %s; the classifier knows %s. Expected the same classes: train "
                                + "with dataset.conditional=true").formatted(model, tokens.classes(), judge.names()));
            }
            return tokens;
        } catch (IllegalArgumentException e) {
            throw new RunException(model + ": " + e.getMessage());
        }
    }

    private Path model() {
        if (model == null) {
            throw new IllegalStateException("called without being parsed");
        }
        return model;
    }

    private Dataset data(ModelFile file, PrintWriter out) throws IOException {
        List<String> words = dataDir == null ? List.of() : List.of("dataset.data_dir=" + dataDir);
        ConfigTree config = FilePaths.checked(Trained.of(file, String.valueOf(classifier)).config(), words,
                out::println,
                String.valueOf(classifier));
        return parts.datasets().load(ConfigLoader.usual(List.of()).evaluation(config, words).dataset(), out::println);
    }

    /** Clips with what they were to be. */
    private record Generated(List<Waveform> sounds, List<Integer> asked, int runaways, double bits) {}

    private Generated generate(TokenModel tokens, AudioCode audio) {
        List<Waveform> sounds = new ArrayList<>();
        List<Integer> asked = new ArrayList<>();
        int runaways = 0;
        double bits = 0;
        for (int c = 0; c < tokens.classes().size(); c++) {
            List<Sample> drawn = new Generator(tokens).generate(request(audio, c));
            for (Sample s : drawn.subList(0, keep == null ? samples : keep)) {
                Waveform sound = audio.decode(s.tokens());
                sounds.add(sound);
                asked.add(c);
                bits += s.bitsPerToken();
                boolean away = Runaway.in(sound, audio.levels()[0], audio.levels()[audio.levels().length - 1]) != null;
                runaways += away ? 1 : 0;
            }
        }
        return new Generated(sounds, asked, runaways, bits / sounds.size());
    }

    private Generator.Request request(AudioCode audio, int asked) {
        try {
            return new Generator.Request(samples, GeneratedFiles.samples("--seconds", seconds, audio),
                    new Sampling(temperature, 1, 0), seed + asked, new int[0], asked);
        } catch (IllegalArgumentException e) {
            throw new RunException(String.valueOf(e.getMessage()));
        }
    }

    private static AudioScore score(Predictor judge, List<Waveform> sounds, List<Integer> asked) {
        List<double[]> all = new ArrayList<>();
        for (Waveform sound : sounds) {
            all.addAll(judge.probabilities(List.of(judge.heard(sound))));
        }
        return AudioScore.of(all, asked);
    }

    private static void line(PrintWriter out, String what, AudioScore s, List<String> names) {
        StringBuilder each = new StringBuilder();
        for (int c = 0; c < names.size(); c++) {
            each.append(c == 0 ? "" : ", ").append(names.get(c)).append(' ')
                    .append(String.format(Locale.ROOT, "%.2f", s.recognized()[c]));
        }
        out.printf(Locale.ROOT, "%s: %.3f of %,d recognised; inception score %.2f; %d of %d classes; %s%n", what,
                s.rate(),
                s.clips(), s.inception(), s.coverage(), names.size(), each);
        out.flush();
    }
}
