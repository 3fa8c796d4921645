package s4j.data.lra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.Dataset;
import s4j.model.TargetSpec;

/** Bounds of what is generated, and what a seed makes of it. */
final class GeneratedTest {
    @TempDir
    Path dir = Path.of("");

    private final List<String> log = new ArrayList<>();

    private static <T extends Record> T bound(T defaults, Object... keys) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keys.length; i += 2) {
            map.put(keys[i].toString(), keys[i + 1]);
        }
        return Binder.bind(ConfigTree.of(map, new Origin("test")), defaults);
    }

    private Dataset listops(Object... keys) throws IOException {
        return bound(ListOpsConfig.DEFAULTS, keys).load(log::add);
    }

    private static Dataset synthetic(Object... keys) { return bound(SyntheticConfig.DEFAULTS, keys).load(s -> {}); }

    /** Trees of one level, or of few tokens, are few: more of them than there are must not be searched for for ever. */
    @ParameterizedTest
    @CsvSource({"1,1,5,10", "2,3,5,3000", "2,500,2000,1"})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void moreTreesThanThereAreAreRefused(int depth, int shortest, int longest, int size) {
        assertFails(ConfigException.class,
                () -> listops("max_depth", depth, "min_length", shortest, "max_length", longest, "train_size", size,
                        "val_size", 1, "test_size", 1),
                "dataset.max_length", "none of " + (shortest + 1) + " to " + (longest - 1) + " tokens",
                "Raise max_length");
    }

    @Test
    void longerTreesAreCutAtTheirLimit() throws IOException {
        Dataset data = listops("min_length", 20, "max_length", 60, "train_size", 30, "val_size", 5, "test_size", 5,
                "l_max",
                25);
        assertEquals(25, data.lMax());
        assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
                ((TargetSpec.Classes) data.targets()).names());
        assertTrue(
                log.getFirst().startsWith("ListOps: 30 training, 5 validation, 5 test expressions of up to 25 tokens"),
                log.getFirst());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"kind=copying,length=10,symbols=10 | symbols: got 10; expected fewer than length 10",
                    "kind=reconstruct,length=10,lag=11,symbols=2 | lag 11, symbols 2; expected at most length 10",
                    "kind=reconstruct,length=10,lag=5,symbols=6 | lag 5, symbols 6",
                    "kind=delay,length=10,lag=10 | lag: got 10",
                    "kind=copying,length=3 | length: got 3", "alphabet=201 | alphabet: got 201",
                    "kind=sorting | kind: got"})
    void whatDoesNotFitIntoItsLengthIsRefused(String keys, String message) {
        List<Object> all = new ArrayList<>();
        for (String key : keys.split(",", -1)) {
            String[] parts = key.split("=", -1);
            all.add(parts[0]);
            all.add(parts[1].matches("[0-9]+") ? (Object) Long.valueOf(parts[1]) : parts[1]);
        }
        assertFails(ConfigException.class, () -> bound(SyntheticConfig.DEFAULTS, all.toArray()), message);
    }

    /** Of every kind: a sequence depends on seed, split and number alone, and other seeds and splits are others. */
    @ParameterizedTest
    @EnumSource(SyntheticConfig.Kind.class)
    void aSequenceIsTheSameWhateverElseIsMade(SyntheticConfig.Kind kind) {
        Object[] keys = {"kind", kind.name().toLowerCase(Locale.ROOT), "length", 24L, "symbols", 3L, "lag", 5L,
                "train_size", 9L, "val_size", 4L,
                "test_size", 4L};
        Dataset a = synthetic(keys);
        Dataset b = synthetic(keys);
        float[] batch = a.train().batch(new int[]{7, 2}).x();
        float[] alone = b.train().batch(new int[]{2}).x();
        assertArrayEquals(alone, Arrays.copyOfRange(batch, batch.length / 2, batch.length));
        assertEquals(a.hash(), b.hash());
        Object[] other = Arrays.copyOf(keys, keys.length + 2);
        other[keys.length] = "seed";
        other[keys.length + 1] = 1L;
        assertNotEquals(a.hash(), synthetic(other).hash());
        assertNotEquals(Arrays.toString(alone), Arrays.toString(synthetic(other).train().batch(new int[]{2}).x()));
        assertNotEquals(Arrays.toString(alone), Arrays.toString(a.test().batch(new int[]{2}).x()));
        assertEquals(9, a.train().size());
        assertEquals(kind == SyntheticConfig.Kind.COPYING ? 27 : 24, a.lMax());
        assertEquals(a.lMax() * (a.tokens() ? 1 : a.dInput()), alone.length);
    }

    @Test
    void everyResolutionDrawsImages() throws IOException {
        for (long side : new long[]{16, 32, 64, 128}) {
            Dataset data = bound(PathfinderConfig.DEFAULTS, "resolution", side, "train_size", 2L, "val_size", 1L,
                    "test_size", 1L, "contour_length", 4L).load(log::add);
            float[] x = data.train().batch(new int[]{1}).x();
            assertEquals(side * side, x.length);
            long bright = IntStream.range(0, x.length).filter(i -> x[i] > 0).count();
            assertTrue(bright > side / 2 && bright < x.length / 2, side + ": " + bright + " bright pixels");
            assertEquals(data.train().label(1), data.train().batch(new int[]{1}).classes()[0]);
            assertNotNull(data.test().picture(0));
        }
        for (long side : new long[]{17, 8, 512}) {
            assertFails(ConfigException.class, () -> bound(PathfinderConfig.DEFAULTS, "resolution", side),
                    "resolution: got " + side);
        }
    }

    /** A stroke's ink is what its length and thickness say, wherever it lies. */
    @Test
    void inkDoesNotDependOnThePlace() {
        Canvas canvas = new Canvas(32, 2);
        double first = sum(canvas.disc(10, 10, 3));
        assertEquals(Math.PI * 9, first, 2);
        for (int y = 8; y < 24; y += 5) {
            for (int x = 8; x < 24; x += 3) {
                assertEquals(first, sum(canvas.disc(y, x, 3)), 0.1, "disc at " + y + ", " + x);
                assertEquals(sum(canvas.stroke(10, 10, 10, 16, 2)), sum(canvas.stroke(y, x, y, x + 6, 2)), 0.1);
            }
        }
        boolean[] near = canvas.dilated(canvas.disc(16, 16, 1), 2);
        assertTrue(near[16 * 32 + 16] && near[16 * 32 + 18] && !near[16 * 32 + 25], "within two pixels");
        assertEquals(0, count(canvas.dilated(new float[32 * 32], 5)), "nothing is near nothing");
    }

    private static double sum(float[] x) {
        double out = 0;
        for (float v : x) {
            out += v;
        }
        return out;
    }

    private static int count(boolean[] x) {
        int n = 0;
        for (boolean v : x) {
            n += v ? 1 : 0;
        }
        return n;
    }
}
