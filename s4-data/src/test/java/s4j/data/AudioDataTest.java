package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.audio.Quantization;
import s4j.audio.WavFile;
import s4j.audio.Waveform;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;

/** Recordings as sequences of levels: folders, spoken digits, Speech Commands. */
class AudioDataTest {
    private static final Quantization MU = Quantization.MU_LAW;

    @TempDir
    Path temp = Path.of("");

    private static Waveform noise(int rate, int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (random.nextDouble() - 0.5);
        }
        return new Waveform(rate, x);
    }

    private void wav(String name, Waveform wave) throws IOException {
        Path file = temp.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        WavFile.write(file, wave);
    }

    private AudioPlaces here(String dataset) { return new AudioPlaces(dataset, List.of(temp, temp.resolve("cache"))); }

    private AudioConfig config(int sampleLen, boolean dropLast, @Nullable Integer rate) {
        return new AudioConfig("audio", temp.toString(), 8, MU, AudioConfig.Scale.NONE, sampleLen, dropLast, rate, 0.8,
                7, null);
    }

    private static TensorData tensor(Map<String, TensorData> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name));
    }

    private static int steps(SequenceSet set) {
        return IntStream.range(0, set.size()).map(i -> set.batch(new int[]{i}).length()).sum();
    }

    @Test
    void theNetworkSeesOneLevelLessThanItIsToSay() throws IOException {
        for (int i = 0; i < 4; i++) {
            wav("a" + i + ".wav", noise(8000, 10 + i, i));
        }
        AudioDataset data = AudioFolder.load(config(100, false, null), here("audio"));
        SequenceBatch batch = data.train().batch(new int[]{0, 1});
        int[] targets = batch.classes();
        int[] lengths = Objects.requireNonNull(batch.lengths());
        for (int b = 0; b < 2; b++) {
            assertEquals(128f, batch.x()[b * batch.length()], "silence comes first");
            for (int t = 1; t < lengths[b]; t++) {
                assertEquals((float) targets[b * batch.length() + t - 1], batch.x()[b * batch.length() + t]);
            }
        }
        float[] samples = noise(8000, 10, 0).samples();
        SequenceSet all = new AudioSet(data.form().windows(new Waveform(8000, samples)), List.of(-1), data.form());
        int[] expected = new int[10];
        for (int t = 0; t < 10; t++) {
            expected[t] = MU.encode(samples[t], 8);
        }
        assertArrayEquals(expected, all.batch(new int[]{0}).classes());
    }

    @Test
    void foldersAreSplitByFileBySeedAlone() throws IOException {
        for (int i = 0; i < 20; i++) {
            wav("sub" + i % 3 + "/a" + i + ".WAV", noise(8000, 50 + i, i));
        }
        AudioDataset a = AudioFolder.load(config(1000, false, null), here("audio"));
        AudioDataset b = AudioFolder.load(config(1000, false, null), here("audio"));
        assertEquals(a.hash(), b.hash());
        assertEquals(List.of(16, 2, 2), List.of(a.train().size(), a.validation().size(), a.test().size()));
        Set<Integer> lengths = new HashSet<>();
        for (AudioSet set : List.of(a.train(), a.validation(), a.test())) {
            set.windows().forEach(w -> assertTrue(lengths.add(w.length), "in one split alone"));
        }
        assertArrayEquals(a.test().windows().get(0), b.test().windows().get(0));
        assertEquals(s4j.model.TargetSpec.StepClasses.of(256), a.targets());
        assertTrue(a.tokens());
        wav("sub0/a0.WAV", noise(8000, 50, 99));
        assertNotEquals(a.hash(), AudioFolder.load(config(1000, false, null), here("audio")).hash());
    }

    @Test
    void longPiecesAreCutAndAFewFilesAreSplitInTime() throws IOException {
        wav("long.wav", noise(8000, 1005, 1));
        AudioDataset data = AudioFolder.load(config(100, false, null), here("audio"));
        assertEquals(1005, steps(data.train()) + steps(data.validation()) + steps(data.test()));
        assertEquals(5, data.test().windows().getLast().length, "the end of the piece is in the test split");
        AudioDataset whole = AudioFolder.load(config(100, true, null), here("audio"));
        assertEquals(1000, steps(whole.train()) + steps(whole.validation()) + steps(whole.test()));
        assertEquals(100, whole.lMax());
        assertFails(MalformedFileException.class, () -> AudioFolder.load(config(1005, false, null), here("audio")),
                "1 sequences in fewer than 3 files", "Lower dataset.sample_len (1005)");
    }

    @Test
    void ratesMustAgreeOrAreResampled() throws IOException {
        for (int i = 0; i < 4; i++) {
            wav("a" + i + ".wav", noise(i == 2 ? 16_000 : 8000, 800, i));
        }
        assertFails(MalformedFileException.class, () -> AudioFolder.load(config(10_000, false, null), here("audio")),
                "samples per second", "Set dataset.sample_rate to resample");
        AudioDataset data = AudioFolder.load(config(10_000, false, 4000), here("audio"));
        assertEquals(3 * 400 + 200, steps(data.train()) + steps(data.validation()) + steps(data.test()));
        assertEquals(4000, tensor(data.transform(), "data.sample_rate").toLongs()[0]);
    }

    @Test
    void missingRecordingsAreExplained() {
        assertFails(MalformedFileException.class,
                () -> AudioFolder.load(new AudioConfig("audio", "nowhere", 8, MU, AudioConfig.Scale.NONE, null, false,
                        null, 0.8, 0, null), here("audio")),
                "no wav files", "nowhere", "dataset.path");
        assertFails(MalformedFileException.class, () -> AudioFolder.load(AudioConfig.DEFAULTS, here("audio")),
                "dataset.path is null");
        assertFails(MalformedFileException.class, () -> Sc09.load(Sc09Config.DEFAULTS, here("sc09")),
                "testing_list.txt",
                "dataset.data_dir");
    }

    @Test
    void damagedRecordingsAreNamed() throws IOException {
        wav("a.wav", noise(8000, 100, 1));
        Files.write(temp.resolve("b.wav"), new byte[40]);
        assertFails(MalformedFileException.class, () -> AudioFolder.load(config(10, false, null), here("audio")),
                "b.wav: wav: got a file that begins with");
    }

    @Test
    void scalesStretchWindowsOrFilesToTheWholeRange() {
        Waveform wave = new Waveform(8000, new float[]{0, 0.1f, 0.2f, 0.1f, 0.15f, 0.1f, 0, 0, 0});
        for (AudioConfig.Scale scale : AudioConfig.Scale.values()) {
            AudioForm form = new AudioForm(8, Quantization.LINEAR, scale, 3, false);
            List<Integer> levels = new ArrayList<>();
            form.windows(wave).forEach(w -> IntStream.range(0, w.length).forEach(i -> levels.add(w[i] & 0xff)));
            assertEquals(switch (scale) {
                case WINDOW -> List.of(0, 127, 255, 0, 255, 0, 128, 128, 128);
                case FILE -> List.of(0, 127, 255, 127, 191, 127, 0, 0, 0);
                case NONE -> List.of(128, 140, 153, 140, 147, 140, 128, 128, 128);
            }, levels, scale.name());
        }
    }

    @Test
    void levelsOfTheModelFileAreSoundAgain() {
        Map<String, TensorData> tensors = config(10, false, null).form().tensors(8000);
        assertEquals(256, tensor(tensors, "data.levels").size());
        assertEquals(0f, tensor(tensors, "data.levels").toFloats()[(int) tensor(tensors, "data.start").toLongs()[0]]);
        assertEquals(8000, tensor(tensors, "data.sample_rate").toLongs()[0]);
    }

    @Test
    void spokenDigitsAreTestedOnTheirFirstFive() throws IOException {
        Path archive = digits("fsdd/recordings.zip", "recordings/");
        for (Path place : List.of(archive, temp)) {
            List<String> log = new ArrayList<>();
            AudioDataset data = Fsdd.load(FsddConfig.DEFAULTS, here("fsdd"), FsddArchive.CANONICAL, log::add);
            assertEquals(List.of(18, 2, 10), List.of(data.train().size(), data.validation().size(),
                    data.test().size()), place.toString());
            assertEquals(List.of(0, 0, 0, 0, 0, 1, 1, 1, 1, 1), data.test().labels());
            assertTrue(log.getFirst().contains("another edition"), log.toString());
            Files.deleteIfExists(archive);
            for (int i = 0; i < 30; i++) {
                wav("fsdd/recordings/" + name(i), noise(8000, 40 + i, i));
            }
        }
    }

    private static String name(int i) { return i / 15 + "_ann_" + i % 15 + ".wav"; }

    private Path digits(String to, String inside) throws IOException {
        Path file = temp.resolve(to);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < 30; i++) {
                zip.putNextEntry(new ZipEntry(inside + name(i)));
                zip.write(WavFile.toBytes(noise(8000, 40 + i, i)));
            }
            zip.putNextEntry(new ZipEntry("readme.txt"));
        }
        return file;
    }

    @Test
    void aDamagedArchiveOfRecordingsIsNamed() throws IOException {
        Path archive = digits("fsdd/recordings.zip", "recordings/");
        byte[] good = Files.readAllBytes(archive);
        byte[] inside = good.clone();
        Arrays.fill(inside, 60, 90, (byte) 7);
        for (byte[] damaged : List.of(new byte[0], new byte[]{'P', 'K', 3, 4, 0}, Arrays.copyOf(good, good.length / 2),
                inside)) {
            Files.write(archive, damaged);
            String message = assertFails(MalformedFileException.class,
                    () -> Fsdd.load(FsddConfig.DEFAULTS, here("fsdd"), FsddArchive.CANONICAL, s -> {}),
                    archive.toString());
            assertFalse(message.contains("null"), message);
        }
    }

    @Test
    void fetchedDigitsCountOnlyWithTheRightContent() throws IOException {
        byte[] zip = Files.readAllBytes(digits("served.zip", "free-spoken-digit-dataset-26eb/recordings/"));
        String hash;
        try (Recordings r = Recordings.inZip(temp.resolve("served.zip"))) {
            hash = r.hash();
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/a.zip", exchange -> {
            exchange.sendResponseHeaders(200, zip.length);
            exchange.getResponseBody().write(zip);
            exchange.close();
        });
        server.start();
        URI address = URI.create("http://localhost:" + server.getAddress().getPort() + "/a.zip");
        AudioPlaces places = new AudioPlaces("fsdd", List.of(temp.resolve("cache")));
        assertFails(MalformedFileException.class,
                () -> Fsdd.load(FsddConfig.DEFAULTS, places, new FsddArchive(address, "00"), s -> {}),
                "sha256 of the recordings: got " + hash + " of 30 files; expected 00", "by hand");
        assertFalse(Files.exists(places.cache().resolve(FsddArchive.FILE)));
        FsddArchive right = new FsddArchive(address, hash);
        assertEquals(10, Fsdd.load(FsddConfig.DEFAULTS, places, right, s -> {}).test().size());
        server.stop(0);
        assertEquals(10, Fsdd.load(FsddConfig.DEFAULTS, places, right, s -> {}).test().size(), "kept");
    }

    @Test
    void speechCommandsAreSplitByTheirLists() throws IOException {
        for (String digit : List.of("zero", "nine", "bed")) {
            for (int i = 0; i < 4; i++) {
                wav("sc09/" + digit + "/" + i + ".wav", noise(16_000, 100 + i, i));
            }
        }
        Files.writeString(temp.resolve("sc09/validation_list.txt"), "zero/0.wav\nbed/1.wav\n");
        Files.writeString(temp.resolve("sc09/testing_list.txt"), "zero/1.wav\r\nnine/1.wav\r\nbed/0.wav\r\n");
        AudioDataset data = Sc09.load(Sc09Config.DEFAULTS, here("sc09"));
        assertEquals(List.of(5, 1, 2), List.of(data.train().size(), data.validation().size(), data.test().size()));
        assertEquals(List.of(9, 0), data.test().labels());
        assertEquals(16_000, data.sampleRate());
    }
}
