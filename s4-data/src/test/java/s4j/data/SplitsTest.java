package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.ConfigException;
import s4j.io.MalformedFileException;
import s4j.math.SplitMix64;
import s4j.model.SequenceBatch;

/** What is shared out: every item once, by seed alone, and each part what its share says. */
final class SplitsTest {
    @TempDir
    Path dir = Path.of("");

    private static void assertPartition(int n, String what, int[]... parts) {
        int[] all = Arrays.stream(parts).flatMapToInt(Arrays::stream).sorted().toArray();
        assertArrayEquals(IntStream.range(0, n).toArray(), all, what);
        for (int[] part : parts) {
            assertArrayEquals(Arrays.stream(part).sorted().toArray(), part, what + ": ascending");
        }
    }

    @Test
    void aSplitIsAPartitionOfAnySize() {
        for (int n : new int[]{0, 1, 2, 3, 10, 101, 1000}) {
            for (double fraction : new double[]{0, 0.01, 0.1, 0.5, 0.9}) {
                Split split = Split.of(n, fraction, 3);
                String what = n + " at " + fraction;
                assertPartition(n, what, split.train(), split.validation());
                assertEquals(Math.round(n * fraction), split.validation().length, what);
                assertArrayEquals(split.validation(), Split.of(n, fraction, 3).validation(), what);
            }
        }
        assertNotEquals(Arrays.toString(Split.of(100, 0.5, 1).train()), Arrays.toString(Split.of(100, 0.5, 2).train()));
    }

    @Test
    void everyClassHasItsShareAndKeepsAMember() {
        SplittableRandom random = new SplittableRandom(2);
        for (int trial = 0; trial < 100; trial++) {
            int n = 1 + random.nextInt(300);
            int classes = 1 + random.nextInt(6);
            int[] label = random.ints(n, 0, classes).map(c -> Math.min(c, classes - 1)).toArray();
            double fraction = random.nextInt(10) * 0.08;
            int[] from = IntStream.range(0, n).toArray();
            int[][] parts = new Shares(i -> label[i]).split(from, fraction, trial, "test");
            String what = "trial " + trial + ": " + n + " of " + classes + " classes at " + fraction;
            assertPartition(n, what, parts);
            for (int c = 0; c < classes; c++) {
                int own = c;
                long all = Arrays.stream(label).filter(l -> l == own).count();
                long off = Arrays.stream(parts[1]).filter(i -> label[i] == own).count();
                assertTrue(all == 0 || off < all, what + ": class " + c + " keeps one");
                assertEquals(all * fraction, (double) off, 2.0, what + ": class " + c);
            }
            assertTrue(fraction > 0 || parts[1].length == 0, what);
        }
        int[][] one = Shares.ANY.split(new int[]{7}, 0.5, 1, "test");
        assertArrayEquals(new int[]{7}, one[0], "the last member is never split off");
    }

    @Test
    void sharesOfABatchAreAllOfIt() {
        for (int n : new int[]{0, 1, 2, 7, 50, Integer.MAX_VALUE}) {
            for (int k : new int[]{1, 2, 3, 8, 100}) {
                int before = 0;
                for (int i = 0; i < k; i++) {
                    Share share = new Share(i, k);
                    assertEquals(before, share.from(n), n + " rows, part " + i + " of " + k);
                    before = share.to(n);
                    int size = before - share.from(n);
                    assertTrue(size == n / k || size == n / k + 1, "sizes differ by one at most");
                }
                assertEquals(n, before);
            }
        }
        for (int[] bad : new int[][]{{-1, 1}, {1, 1}, {0, 0}}) {
            assertFails(IllegalArgumentException.class, () -> new Share(bad[0], bad[1]), "part " + bad[0] + " of "
                    + bad[1]);
        }
    }

    /** However many workers share a batch, together they have what one would have. */
    @Test
    void workersTogetherHaveTheWholeBatch() throws IOException {
        Dataset data = TinyMnist.load(dir, MnistConfig.DEFAULTS);
        Batches batches = new Batches(data.train(), 7, true, false, 3);
        for (int b = 0; b < batches.count(); b++) {
            SequenceBatch whole = batches.epoch(1).batch(b);
            for (int k : new int[]{2, 3, 9}) {
                List<Integer> labels = new ArrayList<>();
                for (int i = 0; i < k; i++) {
                    SequenceBatch own = batches.batch(1, b, new Share(i, k));
                    if (own != null) {
                        Arrays.stream(own.classes()).forEach(labels::add);
                    }
                }
                assertEquals(Arrays.stream(whole.classes()).boxed().toList(), labels, k + " workers, batch " + b);
            }
        }
        assertNull(new Batches(data.train(), 1, false, false, 3).batch(0, 0, new Share(0, 2)), "nothing to do");
        assertFails(IllegalArgumentException.class, () -> new Batches(data.train(), 0, false, false, 3),
                "batch_size 0");
        assertFails(IndexOutOfBoundsException.class, () -> batches.epoch(0).indices(batches.count()), "batch "
                + batches.count() + " of " + batches.count());
    }

    private static List<String> recordings(int speakers, String... classes) {
        return Stream.of(classes).flatMap(c -> IntStream.range(0, speakers).boxed().flatMap(s -> Stream.of(
                "%s/s%d_nohash_0.wav".formatted(c, s), "%s/s%d_nohash_1.wav".formatted(c, s)))).toList();
    }

    @ParameterizedTest
    @EnumSource(ClipSplit.class)
    void everyRecordingHasOnePartWhateverTheirOrder(ClipSplit split) throws IOException {
        List<String> names = recordings(40, "a", "b");
        UnaryOperator<String> speaker = n -> n.replaceFirst("^.*/(s\\d+)_.*$", "$1");
        ClipSplit.Lists lists = new ClipSplit.Lists(Set.of("a/s1_nohash_0"), Set.of("b/s2_nohash_1"));
        ClipSplit.Drawn drawn = new ClipSplit.Drawn(0.2, 0.25, 5);
        Map<String, Clip.Part> parts = split.of(names, n -> n.charAt(0), speaker, lists, drawn);
        assertEquals(new HashSet<>(names), parts.keySet());
        assertTrue(new HashSet<>(parts.values()).containsAll(List.of(Clip.Part.values())), parts.values().toString());
        assertEquals(parts, split.of(names, n -> n.charAt(0), speaker, lists, drawn));
        if (split == ClipSplit.SPEAKER) {
            for (String a : names) {
                for (String b : names) {
                    assertTrue(!speaker.apply(a).equals(speaker.apply(b)) || parts.get(a) == parts.get(b),
                            a + ", " + b);
                }
            }
        }
        if (split == ClipSplit.LISTS || split == ClipSplit.OFFICIAL) {
            assertEquals(Clip.Part.VALIDATION, parts.get("a/s1_nohash_0.wav"));
            assertEquals(Clip.Part.TEST, parts.get("b/s2_nohash_1.wav"));
            assertEquals(Clip.Part.TRAIN, parts.get("b/s1_nohash_0.wav"));
        }
    }

    @Test
    void listsAreReadWithAnyEndingAndAskedForWhereTheyAreMissing() throws IOException {
        assertFails(MalformedFileException.class, () -> ClipSplit.LISTS.of(List.of("a/x.wav"), n -> 0, n -> n, null,
                new ClipSplit.Drawn(0, 0.1, 1)), "dataset.split: got lists", "validation_list.txt");
        assertNull(ClipSplit.Lists.in(dir));
        Files.writeString(dir.resolve("validation_list.txt"), "a/x.wav\n\n  a/y.flac \n");
        assertNull(ClipSplit.Lists.in(dir), "both or none");
        Files.writeString(dir.resolve("testing_list.txt"), "b/z\n");
        ClipSplit.Lists lists = java.util.Objects.requireNonNull(ClipSplit.Lists.in(dir));
        assertEquals(Clip.Part.VALIDATION, lists.part("deep/a/y.wav"));
        assertEquals(Clip.Part.TEST, lists.part("b/z.mp3"));
        assertEquals(Clip.Part.TRAIN, lists.part("c/z.mp3"));
    }

    @ParameterizedTest
    @CsvSource({"a/b/c.wav,b,c", "c.wav,'',c", "a/c,a,c", "a/c.tar.gz,a,c.tar", "a/.wav,a,''"})
    void aNameHasAFolderAndABase(String name, String folder, String base) {
        assertEquals(folder, Clip.folder(name));
        assertEquals(base, Clip.base(name));
        assertEquals(folder + "/" + base, Clip.listed(name));
    }

    @Test
    void aSpeakerIsTheFirstGroupOrTheWholeName() {
        assertEquals("ann", ClipSplit.speaker(java.util.regex.Pattern.compile("^([^_]+)_"), "w/ann_3.wav"));
        assertEquals("ann", ClipSplit.speaker(java.util.regex.Pattern.compile("^([^_]+)_"), "w/ann.wav"));
        assertEquals("ann_3", ClipSplit.speaker(java.util.regex.Pattern.compile("^x"), "w/ann_3.wav"));
        assertEquals("ann_3", ClipSplit.speaker(java.util.regex.Pattern.compile("^ann"), "w/ann_3.wav"), "no group");
    }

    /** Samples of 16 bits and others come back as they were, at the ends of the range too. */
    @Test
    void packedSoundIsTheSameSound() {
        SplittableRandom random = new SplittableRandom(6);
        float[] exact = {-1, 32767 / 32768f, 0, -0f, 1 / 32768f, -32768 / 32768f};
        assertArrayEquals(new float[]{-1, 32767 / 32768f, 0, 0, 1 / 32768f, -1}, PackedSound.of(exact).samples());
        for (float odd : new float[]{1, 0.3f, 1.5f, -1.00004f, Float.NaN, 1e-9f, Float.POSITIVE_INFINITY}) {
            float[] x = {0.5f, odd, -0.25f};
            assertArrayEquals(x, PackedSound.of(x).samples(), "with " + odd);
            assertEquals(3, PackedSound.of(x).size());
        }
        float[] any = new float[1000];
        for (int i = 0; i < any.length; i++) {
            any[i] = (random.nextInt(65536) - 32768) / 32768f;
        }
        PackedSound packed = PackedSound.of(any);
        assertArrayEquals(any, packed.samples());
        packed.samples()[0] = 7;
        assertArrayEquals(any, packed.wave(8000).samples(), "each call has its own copy");
        assertEquals(0, PackedSound.of(new float[0]).size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 40, 400})
    void augmentedSoundKeepsItsLengthButForItsSpeed(int n) {
        float[] x = new float[n];
        Arrays.fill(x, 0.5f);
        for (String key : List.of("shift", "gain_db", "noise", "speed")) {
            Augment a = new Augment(Small.bound(Map.of(key, 0.5), AugmentConfig.DEFAULTS), 100,
                    List.of(new float[]{1, -1,
                            0.5f}));
            for (int i = 0; i < 50; i++) {
                float[] y = a.samples(x.clone(), SplitMix64.of(i, key, n));
                assertTrue(key.equals("speed") ? y.length >= n / 2 && y.length <= 2 * n && y.length > 0 : y.length == n,
                        key + ": " + y.length + " of " + n);
                for (float v : y) {
                    assertTrue(Float.isFinite(v), key + ": " + v);
                }
                if (key.equals("shift")) {
                    for (float v : y) {
                        assertTrue(v == 0 || v == 0.5f, "moved, with silence behind");
                    }
                }
            }
        }
        float[] still = new float[n];
        Augment.mix(still, new float[]{1, 2}, 0, 10);
        assertArrayEquals(new float[n], still, "silence stays silence");
        Augment.mix(x, new float[]{0}, 0, 10);
        assertEquals(0.5f, x[0], "and noise of silence is none");
    }

    @Test
    void keysOfSoundsAreCheckedTogether() {
        assertFails(ConfigException.class, () -> Small.bound(Map.of("pad", true), AudioClassesConfig.DEFAULTS),
                "pad: got true without sample_len");
        assertFails(ConfigException.class, () -> Small.bound(Map.of("speaker", "(["), AudioClassesConfig.DEFAULTS),
                "speaker: got ([; expected a regular expression");
        assertFails(ConfigException.class, () -> Small.bound(Map.of("augment", Map.of("snr_min", 9L, "snr_max", 3L)),
                AudioClassesConfig.DEFAULTS), "snr_min: got 9.0; expected at most snr_max 3.0");
        assertFails(ConfigException.class, () -> Small.bound(Map.of("classes", List.of("a", "b", "a")),
                ScConfig.DEFAULTS), "classes: got [a, b, a]; expected each word once");
        assertFails(ConfigException.class, () -> Small.bound(Map.of("std", List.of(0.1, 0.2)), CifarConfig.DEFAULTS),
                "std has 2 values; expected 3");
    }

    @Test
    void aTestSetThatIsNowhereIsNamedByItsOwnKey() throws IOException {
        Path train = Files.writeString(dir.resolve("x.csv"), "label,t0\na,1\nb,2\na,3\nb,4\n");
        assertFails(ConfigException.class, () -> Small.series(Map.of("path", train.toString(), "test_path", "none.csv",
                "data_dir", dir.toString())).load(s -> {}),
                "dataset.test_path: nothing at none.csv; expected a file with",
                dir.resolve("none.csv").toString());
    }

    @Test
    void manyNamesAndMissingValuesAreSaidShortly() throws IOException {
        StringBuilder rows = new StringBuilder("label,t0,t1\n");
        for (int i = 0; i < 60; i++) {
            rows.append("class").append(i % 15).append(',').append(i).append(i < 3 ? ",?\n" : ",1\n");
        }
        Path file = Files.writeString(dir.resolve("x.csv"), rows);
        List<String> log = new ArrayList<>();
        Dataset data = Small.series(Map.of("path", file.toString(), "missing", "mean")).load(log::add);
        assertTrue(log.getFirst().contains("15 classes (class0, class1, class10,") && log.getFirst().contains(", …)"),
                log.getFirst());
        assertTrue(log.getFirst().contains("1 to 2 steps"), "what is missing at the end is no part: " + log.getFirst());
        assertEquals(Set.of("Read from", "Format", "Channels", "Missing values"), data.facts().keySet());
    }

    @Test
    void aTableThatSomebodyElseOpenedIsReadToo() throws IOException {
        byte[] text = "label,t0\na,1\nb,2\na,3\nb,4\na,1\nb,2\n".getBytes(StandardCharsets.UTF_8);
        try (var table = s4j.data.table.Table.csv(new java.io.ByteArrayInputStream(text), "mine", null)) {
            Dataset data = SeriesConfig.DEFAULTS.load(table, s -> {});
            assertEquals(6, data.train().size() + data.validation().size() + data.test().size());
        }
    }
}
