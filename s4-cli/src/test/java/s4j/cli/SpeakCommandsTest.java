package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.audio.WavFile;
import s4j.audio.Waveform;
import s4j.data.SequenceSet;
import s4j.model.SequenceBatch;
import s4j.stream.S4Model;

/** A model that says what it is asked for, and who judges it. */
final class SpeakCommandsTest {
    @TempDir
    Path dir = Path.of("");

    /** Ten digits as tones, by two speakers. */
    private void digits() throws IOException {
        for (int digit = 0; digit < 10; digit++) {
            for (int i = 0; i < 16; i++) {
                float[] x = new float[200];
                for (int t = 0; t < x.length; t++) {
                    x[t] = (float) (0.5 * Math.sin(t * (0.1 + 0.25 * digit) + i));
                }
                Path file = dir.resolve("recordings/" + digit + (i % 2 == 0 ? "_ann_" : "_bob_") + i / 2 + ".wav");
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                WavFile.write(file, new Waveform(8000, x));
            }
        }
    }

    private String train(String run, String... words) {
        String[] all = Arrays.copyOf(words, words.length + 4);
        all[words.length] = "dataset.data_dir=" + dir;
        all[words.length + 1] = "scheduler.num_warmup_steps=2";
        all[words.length + 2] = "run.dir=" + dir.resolve(run);
        all[words.length + 3] = "model.layer.d_state=8";
        Commands.Said said = Commands.s4("", all);
        assertEquals(0, said.code(), said.err());
        return dir.resolve(run).resolve("model.safetensors").toString();
    }

    private String speaker(String run, String... more) {
        List<String> words = new java.util.ArrayList<>(List.of("train", "pipeline=fsdd", "model.d_model=8",
                "loader.batch_size=8", "trainer.max_epochs=1", "trainer.limit_train_batches=4"));
        words.addAll(List.of(more));
        return train(run, words.toArray(String[]::new));
    }

    @Test
    void whatIsAskedForChangesWhatIsSaidAndUnknownNamesAreRefused() throws IOException {
        digits();
        String told = speaker("told", "dataset.conditional=true");
        S4Model model = S4Model.load(Path.of(told));
        assertEquals(10, model.config().encoder().classes().size());
        float[] seven = model.forward(new SequenceBatch(1, 3, 1, new float[]{128 + 7 * 256, 1 + 7 * 256, 2 + 7 * 256}));
        float[] one = model.forward(new SequenceBatch(1, 3, 1, new float[]{128 + 256, 1 + 256, 2 + 256}));
        assertNotEquals(Arrays.hashCode(seven), Arrays.hashCode(one));
        Path out = dir.resolve("x.wav");
        Commands.Said said = Commands.s4("", "generate", told, "--class", "seven", "--steps", "50", "--out",
                out.toString());
        assertEquals(0, said.code(), said.err());
        byte[] first = Files.readAllBytes(out);
        assertEquals(0, Commands.s4("", "generate", told, "--class", "one", "--steps", "50", "--out", out.toString())
                .code());
        assertTrue(!Arrays.equals(first, Files.readAllBytes(out)), "another word, another sound");
        assertTrue(Commands.s4("", "generate", told, "--class", "eleven").err()
                .contains("--class: got eleven; expected one of zero, one"));
        assertTrue(Commands.s4("", "generate", told).err().contains("--class: got null; expected one of zero"));
        String untold = speaker("untold");
        assertEquals(List.of(), S4Model.load(Path.of(untold)).config().encoder().classes());
        assertTrue(Commands.s4("", "generate", untold, "--class", "one").err().contains("this model is told nothing"));
    }

    @Test
    void aSpeakerIsJudgedBesideRealClipsAndNoise() throws IOException {
        digits();
        String told = speaker("told", "dataset.conditional=true");
        String judge = train("judge", "train", "pipeline=fsdd-classes", "model=s4d", "model.d_model=8",
                "model.n_layers=1", "loader.batch_size=8", "trainer.max_epochs=2");
        Commands.Said said = Commands.s4("", "score-audio", told, "--classifier", judge, "--samples", "2", "--keep",
                "1",
                "--seconds", "0.02", "--data-dir", dir.toString());
        assertEquals(0, said.code(), said.err());
        assertTrue(
                said.out().matches("(?s).*real clips of the test split: [01]\\.[0-9]{3} of 100 recognised; inception "
                        + "score [0-9.]+; [0-9]+ of 10 classes; zero .*"),
                said.out());
        assertTrue(said.out().contains("the same in the model's levels: "), said.out());
        assertTrue(said.out().contains("generated: ") && said.out().contains(" of 10 recognised"), said.out());
        assertTrue(said.out().contains("Markov noise: "), said.out());
        assertTrue(said.out().matches("(?s).*[0-9]+ of 10 generated clips ran away; [0-9.]+ bits a sample.*"),
                said.out());
        String untold = speaker("untold");
        assertTrue(Commands.s4("", "score-audio", untold, "--classifier", judge, "--data-dir", dir.toString()).err()
                .contains("dataset.conditional=true"));
    }

    @Test
    void everyStepSaysTheClassAndTargetsStayLevels() throws IOException {
        digits();
        SequenceSet set = new s4j.data.FsddConfig("fsdd", 8, s4j.audio.Quantization.MU_LAW,
                s4j.data.AudioConfig.Scale.FILE,
                100, false, 0.1, 42, true, 1, dir.toString()).load(line -> {}).train();
        SequenceBatch batch = set.batch(new int[]{0, set.size() - 1});
        for (int b = 0; b < 2; b++) {
            int label = set.label(b == 0 ? 0 : set.size() - 1);
            for (int t = 0; t < batch.length(); t++) {
                assertEquals(label, (int) batch.x()[b * batch.length() + t] / 256);
                assertTrue(batch.classes()[b * batch.length() + t] < 256);
            }
        }
    }
}
