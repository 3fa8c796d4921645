package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.audio.SoundFile;
import s4j.audio.WavFile;
import s4j.audio.Waveform;
import s4j.config.ConfigException;
import s4j.data.Clip.Part;
import s4j.io.MalformedFileException;
import s4j.model.TargetSpec;

/** Spoken words and digits with their classes. */
final class SpeechTest {
    private static final String FLAC = "speech/go/";

    @TempDir
    Path dir = Path.of("");

    private final List<String> log = new ArrayList<>();

    private static void set(float[] x, java.util.function.IntToDoubleFunction value) {
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) value.applyAsDouble(i);
        }
    }

    private void wav(String name, float... samples) throws IOException { Spoken.wav(dir, name, samples); }

    private void words(List<String> words, int speakers) throws IOException { Spoken.words(dir, words, speakers); }

    private ClipDataset sc(Map<String, Object> keys) throws IOException { return Spoken.sc(dir, keys, log::add); }

    private static byte[] flac(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(SpeechTest.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void flacIsDecodedToTheSamplesThatItsMd5Names() throws IOException, NoSuchAlgorithmException {
        String name = FLAC + "096456f9_nohash_1.flac";
        byte[] file = flac(name);
        Waveform wave = SoundFile.fromBytes(file, name);
        assertEquals(16000, wave.sampleRate());
        ByteBuffer pcm = ByteBuffer.allocate(2 * wave.samples().length).order(ByteOrder.LITTLE_ENDIAN);
        for (float v : wave.samples()) {
            pcm.putShort(WavFile.pcm16(v));
        }
        // the stream information: 4 bytes mark, 4 of a header, 18 of sizes, then the sum of the samples
        assertArrayEquals(Arrays.copyOfRange(file, 26, 42), MessageDigest.getInstance("MD5").digest(pcm.array()));
        assertFails(MalformedFileException.class,
                () -> SoundFile.fromBytes(Arrays.copyOf(file, 60), "cut.flac"), "cut.flac");
    }

    @Test
    void theOfficialHashPutsSpeakersWhereThePublishedListsHaveThem() {
        // from validation_list.txt and testing_list.txt of version 0.01
        assertEquals(Part.VALIDATION, ClipSplit.hashed("bed/026290a7_nohash_0.wav"));
        assertEquals(Part.VALIDATION, ClipSplit.hashed("x/060cd039_nohash_1.flac"));
        assertEquals(Part.TEST, ClipSplit.hashed("bed/0c40e715_nohash_0.wav"));
        assertEquals(Part.TEST, ClipSplit.hashed("bed/0ea0e2f4_nohash_1.wav"));
        assertEquals(Part.TRAIN, ClipSplit.hashed("go/28ce0c58_nohash_2.wav"));
        List<Part> many = IntStream.range(0, 3000).mapToObj(i -> ClipSplit.hashed("a/%08x_nohash_0".formatted(i)))
                .toList();
        assertEquals(300.0, (double) many.stream().filter(p -> p == Part.VALIDATION).count(), 60);
        assertEquals(300.0, (double) many.stream().filter(p -> p == Part.TEST).count(), 60);
    }

    @Test
    void everyWordIsAClassAndNoSpeakerIsInTwoSplits() throws IOException {
        words(List.of("no", "yes"), 60);
        ClipDataset data = sc(Map.of());
        assertEquals(TargetSpec.Classes.of(List.of("no", "yes")), data.targets());
        assertEquals(120, data.train().size() + data.validation().size() + data.test().size());
        assertEquals(64, data.lMax(), "padded");
        for (String split : List.of("official", "speaker")) {
            Map<String, Part> parts = ClipSplit.valueOf(split.toUpperCase(java.util.Locale.ROOT)).of(
                    IntStream.range(0, 240).mapToObj(i -> "w%d/%d_nohash_%d.wav".formatted(i % 3, i / 6, i % 2))
                            .toList(),
                    n -> 0, n -> Clip.base(n).replaceFirst("_.*", ""), null, new ClipSplit.Drawn(0.2, 0.2, 1));
            Map<String, TreeSet<Part>> of = new HashMap<>();
            parts.forEach((n, p) -> of.computeIfAbsent(Clip.base(n).replaceFirst("_.*", ""), k -> new TreeSet<>())
                    .add(p));
            assertEquals(40, of.size());
            assertTrue(of.values().stream().allMatch(p -> p.size() == 1), split);
            assertEquals(3, new TreeSet<>(parts.values()).size(), split);
        }
    }

    @Test
    void listsBesideTheRecordingsSplitThem() throws IOException {
        words(List.of("no", "yes"), 10);
        assertFails(MalformedFileException.class, () -> sc(Map.of("split", "lists")), "dataset.split",
                "validation_list.txt");
        Files.writeString(dir.resolve("validation_list.txt"), "no/00000000_nohash_0.wav\n\n");
        Files.writeString(dir.resolve("testing_list.txt"), "no/00001eef_nohash_0.wav\nyes/00001eef_nohash_0.wav\n");
        for (String split : List.of("official", "lists")) {
            ClipDataset data = sc(Map.of("split", split));
            assertEquals(List.of(17, 1, 2),
                    List.of(data.train().size(), data.validation().size(), data.test().size()), split);
        }
    }

    @Test
    void otherWordsAreUnknownAndPiecesOfNoiseAreSilence() throws IOException {
        words(List.of("no", "yes", "cat", "dog"), 50);
        float[] noise = new float[4000];
        set(noise, i -> (i % 7 - 3) / 64.0);
        wav("_background_noise_/hum.wav", noise);
        ClipDataset data = sc(Map.of("classes", List.of("yes", "no", "_unknown_", "_silence_"), "split", "random",
                "unknown", 20, "silence", 30));
        int[] counts = new int[4];
        IntStream.range(0, data.train().size()).forEach(i -> counts[data.train().label(i)]++);
        int known = counts[0] + counts[1];
        assertEquals(Math.ceil(known * 0.2), counts[2]);
        assertEquals(Math.ceil((known + counts[2]) * 0.3), counts[3]);
        ClipDataset plain = sc(Map.of("classes", List.of("yes", "no"), "split", "random"));
        assertTrue(IntStream.range(0, plain.train().size()).allMatch(i -> plain.train().label(i) < 2),
                "others left out");
        Files.delete(dir.resolve("_background_noise_/hum.wav"));
        log.clear();
        sc(Map.of("classes", List.of("yes", "_silence_"), "split", "random"));
        assertTrue(log.getFirst().contains("white, pink and brown noise"), log.toString());
    }

    @Test
    void classesThatAreNotThereAreNamed() throws IOException {
        words(List.of("no", "yes"), 12);
        assertFails(ConfigException.class, () -> sc(Map.of("classes", "sc10")), "no recordings of up, down", "no, yes");
        assertFails(ConfigException.class, () -> sc(Map.of("classes", List.of("yes", "_noise_"))), "dataset.classes");
        assertFails(ConfigException.class, () -> sc(Map.of("classes", List.of("yes"))), "two or more");
        assertFails(ConfigException.class, () -> sc(Map.of("classes", List.of("yes", "yes"))), "each word once");
    }

    @Test
    void brokenRecordingsAreAllNamedBeforeAnythingBegins() throws IOException {
        words(List.of("no", "yes"), 60);
        Files.write(dir.resolve("no/cut_nohash_0.wav"), new byte[]{'R', 'I', 'F', 'F', 1});
        Files.write(dir.resolve("yes/empty_nohash_0.wav"), new byte[0]);
        wav("yes/silent_nohash_0.wav");
        assertFails(MalformedFileException.class, () -> sc(Map.of()), "3 of 123 recordings cannot be read",
                "cut_nohash_0.wav", "empty_nohash_0.wav: the file is empty",
                "silent_nohash_0.wav: the recording has no",
                "dataset.skip_broken=true");
        log.clear();
        ClipDataset data = sc(Map.of("skip_broken", true));
        assertEquals(120, data.train().size() + data.validation().size() + data.test().size());
        assertEquals("left out: 3 of 123 recordings cannot be read", log.getFirst());
        assertTrue(log.get(1).contains("cut_nohash_0.wav"), log.toString());
    }

    @Test
    void speakersAreLeftOutByName() throws IOException {
        for (int i = 0; i < 120; i++) {
            String speaker = List.of("ann", "bob", "cid").get(i % 3);
            wav("recordings/%d_%s_%d.wav".formatted(i / 60, speaker, i / 3 % 20), 0.1f, i / 120f);
        }
        Map<String, Object> keys = Map.of("data_dir", dir.toString());
        Dataset official = Small.bound(keys, FsddClassesConfig.DEFAULTS).load(log::add);
        assertEquals(List.of(81, 9, 30),
                List.of(official.train().size(), official.validation().size(), official.test().size()));
        Map<String, Object> left = new HashMap<>(keys);
        left.put("test_speakers", List.of("bob"));
        left.put("val_speakers", "cid");
        Dataset out = Small.bound(left, FsddClassesConfig.DEFAULTS).load(log::add);
        assertEquals(List.of(40, 40, 40), List.of(out.train().size(), out.validation().size(), out.test().size()));
        left.put("test_speakers", List.of("zoe"));
        assertFails(ConfigException.class, () -> Small.bound(left, FsddClassesConfig.DEFAULTS).load(log::add),
                "dataset.test_speakers: got zoe", "ann, bob, cid");
    }

    @Test
    void samplesOfSixteenBitsAreKeptExactlyAndOthersToo() {
        float[] coarse = {-1, 0.5f, 32767 / 32768f, 0};
        float[] fine = {0.1f, 1, -3e-8f};
        assertArrayEquals(coarse, PackedSound.of(coarse).samples());
        assertArrayEquals(fine, PackedSound.of(fine).samples());
    }

    @Test
    void aTrackHoldsEachTestRecordingWhereItSaysAndNoiseAtItsRatio() throws IOException {
        words(List.of("no", "yes", "cat"), 60);
        ClipDataset data = sc(Map.of("classes", List.of("no", "yes", "_unknown_"), "split", "random", "unknown", 50));
        SpeechTrack track = SpeechTrack.of(data, 30, 20, 1);
        assertEquals(30, track.seconds(), 1e-9);
        assertTrue(track.spoken().size() > 5, track.spoken().toString());
        assertEquals(track.spoken(), SpeechTrack.of(data, 30, 20, 1).spoken(), "by its seed alone");
        double before = 0;
        for (SpeechTrack.Spoken s : track.spoken()) {
            assertTrue(s.from() - before >= 1 - 1e-9, "a second of noise before each");
            assertTrue(s.word().equals("no") || s.word().equals("yes"), "unknown words are not to be found");
            before = s.to();
            double level = s.word().equals("no") ? 1 / 16.0 : 2 / 16.0;
            int middle = (int) ((s.from() + s.to()) / 2 * track.sampleRate());
            assertEquals(level * 20 / 100, track.samples()[middle], level, "its samples, faded at both ends");
        }
        assertFails(MalformedFileException.class,
                () -> SpeechTrack.of(Small.series(Files.writeString(dir.resolve("s.csv"),
                        "label,a,b\n" + "x,1,2\ny,2,3\n".repeat(10)).toString()).load(log::add), 30, 20, 1),
                "no recordings to mix");
    }

    @Test
    void theArchiveIsUnpackedOnlyWithTheRightSumAndNeverOutsideItsFolder() throws IOException {
        byte[] archive = tarGz(Map.of("./no/a_nohash_0.wav", WavFile.toBytes(new Waveform(16000, new float[]{1})),
                "./yes/b_nohash_0.wav", WavFile.toBytes(new Waveform(16000, new float[]{1}))));
        Path served = Files.write(dir.resolve("served.tar.gz"), archive);
        Path cache = dir.resolve("cache");
        assertFails(MalformedFileException.class,
                () -> new ScPlaces(List.of(dir.resolve("none")), cache, URI.create("http://localhost:1/a"), "00")
                        .find(log::add),
                "Speech Commands is nowhere to be found", "dataset.path");
        Path folder = Files.createDirectories(dir.resolve("unpacked"));
        ScPlaces.unpack(served, folder);
        assertTrue(Files.isRegularFile(folder.resolve("no/a_nohash_0.wav")));
        Path bad = Files.write(dir.resolve("bad.tar.gz"), tarGz(Map.of("../../outside.wav", new byte[]{1})));
        Path other = Files.createDirectories(dir.resolve("deep/er"));
        assertFails(MalformedFileException.class, () -> ScPlaces.unpack(bad, other), "outside.wav");
        assertFalse(Files.exists(other), "nothing stays");
        assertFalse(Files.exists(dir.resolve("outside.wav")));
    }

    private static byte[] tarGz(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name())) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return TinyMnist.gzip(out.toByteArray());
    }
}
