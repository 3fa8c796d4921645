package s4j.official;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.MalformedFileException;
import s4j.testkit.Hostile;
import s4j.testkit.TorchFile;
import s4j.testkit.TorchFile.Foreign;

/**
 * Damaged checkpoints are read or refused; nothing crashes, hangs or runs. {@code -Ds4j.mutations=100000} runs a longer
 * campaign.
 */
final class HostileCheckpointTest {
    private static final int MUTATIONS = Integer.getInteger("s4j.mutations", 20_000);
    private static final long SEED = 20260;
    /** Memory that a file may cost, in all and for each of its bytes. */
    private static final long FIXED = 4 << 20;
    private static final long PER_BYTE = 200;
    /** Operations of the pickle machine, which mean the most where they do not belong. */
    private static final byte[] CODES = codes();

    @TempDir
    Path directory = Path.of("");

    private static byte[] codes() {
        byte[] text = "(.012GJKMNQRTUXabcd}ehjl]oqrst)uIBC".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] codes = java.util.Arrays.copyOf(text, text.length + 0x98 - 0x80 + 1);
        for (int i = 0x80; i <= 0x98; i++) {
            codes[text.length + i - 0x80] = (byte) i;
        }
        return codes;
    }

    private static List<Object> roots() {
        List<Object> roots = new ArrayList<>();
        roots.add(Fixtures.nplr2022("module."));
        roots.add(Map.of("state_dict", Fixtures.network(), "hyper_parameters",
                new Foreign("omegaconf", "DictConfig", List.of("x"), Map.of("a", 1, "b", 2.5))));
        roots.add(Map.of("model", Fixtures.example(""), "epoch", 3));
        roots.add(Fixtures.sashimi(false, true));
        return roots;
    }

    /** The archive with its pickle, a storage, or any of its bytes changed, or entries mixed up. */
    private static byte[] mutated(Object root, SplittableRandom random) {
        Map<String, byte[]> entries = new LinkedHashMap<>(TorchFile.entries(root));
        List<String> names = List.copyOf(entries.keySet());
        String name = names.get(random.nextInt(names.size()));
        byte[] content = entries.getOrDefault(name, new byte[0]);
        switch (random.nextInt(10)) {
            case 8 -> {
                return Hostile.mutated(TorchFile.stream(root), CODES, random);
            }
            case 9 -> {
                Map<String, TorchFile.Tensor> tensors = new LinkedHashMap<>();
                ((Map<?, ?>) root).forEach((k, v) -> {
                    if (v instanceof TorchFile.Tensor t) {
                        tensors.put((String) k, t);
                    }
                });
                return Hostile.mutated(TorchFile.tar(tensors), CODES, random);
            }
            case 0 -> {
                return Hostile.mutated(TorchFile.zip(entries), CODES, random);
            }
            case 1 -> entries.put(name, Hostile.mutated(content, CODES, random));
            case 2 -> {
                entries.remove(name);
                entries.put(names.get(random.nextInt(names.size())), content);
            }
            default -> {
                byte[] pickle = entries.getOrDefault("archive/data.pkl", new byte[0]);
                entries.put("archive/data.pkl", Hostile.mutated(pickle, CODES, random));
            }
        }
        return TorchFile.zip(entries);
    }

    @Test
    void namesOfNestedPlacesDoNotGrowWithTheSquareOfTheirDepth() throws IOException {
        for (int size : new int[]{2_000, 50_000, 200_000}) {
            Path file = directory.resolve("nested.pt");
            Files.write(file, TorchFile.zip(Map.of("a/data.pkl", nested(size, size))));
            long cost = Hostile.allocated(() -> Hostile.refused(MalformedFileException.class, "nested",
                    () -> OfficialModel.read(file, null)));
            assertTrue(cost <= FIXED + 4 * PER_BYTE * Files.size(file), size + " levels cost " + cost);
        }
    }

    /** Dictionaries one in another, all under one long key that stands in the file once, the innermost with a tensor. */
    private static byte[] nested(int length, int depth) {
        var out = new java.io.ByteArrayOutputStream();
        out.writeBytes(new byte[]{(byte) 0x80, 2, 'X'});
        out.writeBytes(java.nio.ByteBuffer.allocate(4).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(length).array());
        out.writeBytes("k".repeat(length).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        out.writeBytes(new byte[]{'q', 0, '0', '}'});
        for (int i = 0; i < depth; i++) {
            out.writeBytes(new byte[]{'h', 0, '}'});
        }
        out.writeBytes("s".repeat(depth).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        out.write('.');
        return out.toByteArray();
    }

    /** Found by 100,000: the end of the archive's table of contents says more than the file has. */
    @Test
    void whatALongCampaignFoundIsRefused() throws IOException {
        List<Object> roots = roots();
        Path file = directory.resolve("c.pt");
        for (long seed : new long[]{50_813}) {
            int i = (int) (seed - SEED);
            Files.write(file, mutated(roots.get(i % roots.size()), new SplittableRandom(seed)));
            assertTrue(Hostile.refused(MalformedFileException.class, "seed " + seed,
                    () -> OfficialModel.read(file, null)));
        }
    }

    @Test
    @Timeout(3600)
    void damagedCheckpointsAreReadOrRefused() throws IOException {
        List<Object> roots = roots();
        Path file = directory.resolve("c.pt");
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            long number = i;
            SplittableRandom random = new SplittableRandom(SEED + i);
            Files.write(file, mutated(roots.get(i % roots.size()), random));
            boolean[] was = new boolean[1];
            long cost = Hostile.allocated(() -> was[0] = Hostile.refused(MalformedFileException.class, "seed "
                    + (SEED + number), () -> OfficialModel.read(file, null)));
            assertTrue(cost <= FIXED + PER_BYTE * Files.size(file), "seed " + (SEED + i) + " costs " + cost + " for "
                    + Files.size(file) + " bytes");
            refused += was[0] ? 1 : 0;
        }
        assertTrue(refused > MUTATIONS / 2 && refused < MUTATIONS, refused + " of " + MUTATIONS + " refused");
    }
}
