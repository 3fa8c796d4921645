package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.audio.SoundInput;
import s4j.audio.WavFile;
import s4j.audio.Waveform;
import s4j.io.ModelFile;
import s4j.predict.Predictor;
import s4j.stream.ModelOptions;
import s4j.train.OtherRate;

/** Words as tones: trained, tested at another rate, predicted. */
final class SoundCommandsTest {
    @TempDir
    Path dir = Path.of("");

    private static float[] tone(double hertz, int rate, int n, double phase) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (0.4 * Math.sin(2 * Math.PI * hertz * i / rate + phase));
        }
        return x;
    }

    private void words() throws IOException {
        for (String word : List.of("high", "low")) {
            for (int i = 0; i < 40; i++) {
                Path file = dir.resolve("words/" + word + "/%08x_nohash_0.wav".formatted(i * 7919));
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                double hertz = (word.equals("low") ? 200 : 900) + 5 * i;
                WavFile.write(file, new Waveform(4000, tone(hertz, 4000, 180 + i, i)));
            }
        }
    }

    private String train(String run, String... more) {
        List<String> words = new ArrayList<>(List.of("train", "pipeline=sc", "dataset.path=" + dir.resolve("words"),
                "dataset.sample_rate=4000", "dataset.sample_len=220", "model=s4d", "model.d_model=8",
                "model.n_layers=1",
                "model.layer.d_state=8", "loader.batch_size=8", "trainer.max_epochs=3", "scheduler.num_warmup_steps=2",
                "optimizer.lr=0.02", "dataset.split=random", "run.dir=" + dir.resolve(run)));
        words.addAll(Arrays.asList(more));
        Commands.Said said = Commands.s4("", words.toArray(String[]::new));
        assertEquals(0, said.code(), said.err());
        return dir.resolve(run).resolve("model.safetensors").toString();
    }

    @Test
    void aModelOfTheWaveformIsTestedAtHalfItsRateWithoutTraining() throws IOException {
        words();
        String model = train("raw");
        SoundInput sound = SoundInput.of(ModelFile.read(Path.of(model)).config(), model);
        assertNotNull(sound);
        assertEquals(4000, sound.sampleRate());
        assertEquals(220, sound.length());
        Commands.Said whole = Commands.s4("", "eval", model, "dataset.path=" + dir.resolve("words"));
        Commands.Said half = Commands.s4("", "eval", model, "dataset.path=" + dir.resolve("words"),
                "dataset.sample_rate=2000", "dataset.sample_len=110");
        assertEquals(0, half.code(), half.err());
        assertTrue(half.out().contains("trained at 4,000 Hz, tested at 2,000 Hz: rate 2 in its layers"), half.out());
        double before = accuracy(whole);
        assertTrue(before >= 0.9, whole.out());
        assertTrue(accuracy(half) >= 0.9, half.out());
        Commands.Said decimated = Commands.s4("", "eval", model, "dataset.path=" + dir.resolve("words"),
                "dataset.sample_rate=2000", "dataset.sample_len=110",
                "dataset.resampling=decimate", "--predictions", dir.resolve("p.csv").toString());
        assertTrue(accuracy(decimated) >= 0.8, decimated.out());
        assertEquals(9, Files.readAllLines(dir.resolve("p.csv")).size(), "a header and eight recordings");
    }

    private static double accuracy(Commands.Said said) {
        return Double.parseDouble(said.lastLine().replaceAll("[^0-9.]*([0-9.]+).*", "$1"));
    }

    @Test
    void aModelOfFramesPredictsFilesOfAnyRateAndRefusesAnotherRateOfItsOwn() throws IOException {
        words();
        String model = train("mel", "dataset.features._name_=log-mel", "dataset.features.n_fft=32",
                "dataset.features.hop_length=16", "dataset.features.n_mels=8", "dataset.augment.shift=0.002",
                "dataset.augment.time_masks=1", "dataset.augment.time_mask=2");
        Commands.Said eval = Commands.s4("", "eval", model, "dataset.path=" + dir.resolve("words"));
        Commands.Said refused = Commands.s4("", "eval", model, "dataset.path=" + dir.resolve("words"),
                "dataset.sample_rate=2000");
        assertTrue(accuracy(eval) >= 0.9, eval.out());
        assertEquals(2, refused.code());
        assertTrue(refused.err().contains("dataset.sample_rate: got 2000; the model has learned log-mel"),
                refused.err());
        for (int rate : new int[]{4000, 8000}) {
            Path file = dir.resolve("new" + rate + ".wav");
            WavFile.write(file, new Waveform(rate, tone(950, rate, rate / 20, 0)));
            Commands.Said said = Commands.s4("", "predict", model, "--input", file.toString(), "--format", "json");
            assertEquals(0, said.code(), said.err());
            assertTrue(said.text().contains("\"high\""), said.text());
        }
        Predictor predictor = Predictor.load(Path.of(model));
        assertEquals("low", predictor.classify(new Waveform(4000, tone(260, 4000, 200, 1))).getFirst().name());
        assertEquals(1, predictor.channels(), "a step of raw sound is a sample");
    }

    @Test
    void wordsAreHeardInAFileAndInAPipeAndJudgedOnATrack() throws IOException {
        words();
        String model = train("causal", "dataset.features._name_=log-mel", "dataset.features.n_fft=32",
                "dataset.features.hop_length=16", "dataset.features.n_mels=8", "trainer.max_epochs=6");
        float[] x = new float[4000];
        System.arraycopy(tone(300, 4000, 400, 0), 0, x, 600, 400);
        System.arraycopy(tone(1000, 4000, 400, 0), 0, x, 2200, 400);
        Path file = dir.resolve("x.wav");
        WavFile.write(file, new Waveform(4000, x));
        String[] how = {"--average", "0.02", "--suppress", "0.1", "--threshold", "0.6"};
        Commands.Said said = Commands.s4("", join(List.of("listen", model, "--input", file.toString()), how));
        assertEquals(0, said.code(), said.err());
        assertTrue(said.err().contains("listening at 4,000 Hz for high, low"), said.err());
        List<String> lines = said.text().lines().toList();
        assertTrue(lines.stream().anyMatch(l -> l.matches("0\\.[12][0-9],low,[01]\\.[0-9]{3}")), said.text());
        assertTrue(lines.stream().anyMatch(l -> l.matches("0\\.[56][0-9],high,[01]\\.[0-9]{3}")), said.text());
        byte[] wav = WavFile.toBytes(new Waveform(4000, x));
        Commands.Said piped = Commands.s4(Parts.standard(), Arrays.copyOfRange(wav, 44, wav.length),
                new java.io.ByteArrayOutputStream(), join(List.of("listen", model, "--input", "-"), how));
        assertEquals(said.text(), piped.text());
        Commands.Said refused = Commands.s4("", "listen", model, "--input", "-", "--rate", "8000");
        assertTrue(refused.err().contains("--rate: got 8000; the model hears 4000"), refused.err());
        assertTrue(Commands.s4("", "listen", model).err().contains("expected one of --mic, --input FILE"));
        String both = train("both", "model.layer.bidirectional=true", "trainer.max_epochs=1");
        Commands.Said cannot = Commands.s4("", "listen", both, "--input", file.toString());
        assertTrue(cannot.err().contains("cannot listen") && cannot.err().contains("bidirectional=false"),
                cannot.err());
    }

    private static String[] join(List<String> words, String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void dataOfTheModelsOwnRateIsNoOtherRate() throws IOException {
        words();
        String model = train("same", "trainer.max_epochs=1", "trainer.limit_train_batches=1");
        var data = Parts.standard().datasets().load(new s4j.data.ScConfig("sc", dir.resolve("words").toString(),
                List.of(), 4000, 220, true, s4j.audio.SoundFeatures.Raw.DEFAULTS, s4j.audio.Resampling.BANDLIMITED,
                s4j.data.AugmentConfig.DEFAULTS, s4j.data.ClipSplit.RANDOM, 0.1, 0.1, 10, 10, 42, false, null),
                line -> {});
        assertNull(OtherRate.of(ModelFile.read(Path.of(model)), model, data));
        assertEquals(1, ModelOptions.standard().rate());
    }
}
