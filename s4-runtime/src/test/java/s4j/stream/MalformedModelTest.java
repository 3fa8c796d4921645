package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.io.SafeTensors;
import s4j.io.TensorData;
import s4j.kernel.Backend;
import s4j.kernel.matrix.PackedMatrix.Precision;
import s4j.testkit.Hostile;
import s4j.testkit.Refusal;

/**
 * A model file comes from anywhere: what is wrong with it is said, at no more cost than its own size. {@code
 * -Ds4j.mutations=100000} runs a longer campaign.
 */
class MalformedModelTest {
    private static final int MUTATIONS = Integer.getInteger("s4j.mutations", 8_000);
    /** Every so many files are read from the disk, which takes most of the time. */
    private static final int ON_DISK = 20;
    private static final int SEED = 4;
    /** Memory that loading and some steps may cost, in all and for each byte of the file. */
    private static final long FIXED = 4 << 20;
    private static final long PER_BYTE = 500;
    private static final String JSON = "0123456789-.eE\"{}[],:";
    private static final ModelOptions OPTIONS = new ModelOptions(Backend.SCALAR, 1, 1);

    private static S4Model load(byte[] bytes) throws MalformedFileException {
        return S4Model.of(ModelFile.of(SafeTensors.fromBytes(bytes, "file"), "file"), "file", OPTIONS);
    }

    private static String refused(byte[] bytes) {
        return Refusal.messageOf(MalformedFileException.class, () -> load(bytes));
    }

    private static byte[] good() { return TinyModels.classifier(false, "step").toSafeTensors().toBytes(); }

    @TempDir
    Path tmp = Path.of("");

    /** Files of every kind of model and weight. */
    private static byte[][] files() {
        ModelFile sashimi = TinyModels.sashimi(false);
        return Stream.of(TinyModels.classifier(false, "step"), TinyModels.classifier(true, "pool"),
                TinyModels.tokens(), sashimi, Quantization.of(sashimi, Precision.INT8),
                Quantization.of(TinyModels.classifier(true, "last"), Precision.BF16))
                .map(file -> file.toSafeTensors().toBytes()).toArray(byte[][]::new);
    }

    /** Either the model loads and runs, or the refusal names the file; everything else fails the test. */
    private static boolean refused(int i, String name, Callable<S4Model> load) {
        FutureTask<S4Model> task = new FutureTask<>(() -> run(load.call()));
        task.run();
        if (task.state() == Future.State.SUCCESS) {
            return false;
        }
        Throwable refusal = task.exceptionNow();
        if (refusal instanceof NotFiniteException) { // it loads; its weights are too large to run
            return false;
        }
        assertEquals(MalformedFileException.class, refusal.getClass(), () -> "seed " + (SEED + i) + ": " + refusal);
        assertTrue(String.valueOf(refusal.getMessage()).startsWith(name),
                () -> "seed " + (SEED + i) + ": a message without the file: " + refusal.getMessage());
        return true;
    }

    /** What a model does that loads: some steps of any numbers, which need not be finite. */
    private static S4Model run(S4Model model) {
        if (model.streamingRefusal() == null) {
            Session session = model.newSession();
            session.step(new float[model.dInput()]);
            session.chunk(new float[3 * model.dInput()]);
        }
        return model;
    }

    @Test
    @Timeout(900)
    void mutatedFilesAreReadOrRefused() throws IOException {
        byte[][] files = files();
        Path file = tmp.resolve("m.safetensors");
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            SplittableRandom random = new SplittableRandom(SEED + i);
            byte[] good = files[i % files.length];
            int header = (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
            byte[] bytes = mutated(good, header, random);
            boolean onDisk = i % ON_DISK == 0;
            if (onDisk) {
                Files.write(file, bytes);
            }
            int number = i;
            boolean[] was = new boolean[1];
            long cost = Hostile.allocated(() -> was[0] = refused(number, onDisk ? file.toString() : "file",
                    () -> onDisk ? S4Model.load(file, OPTIONS) : load(bytes)));
            assertTrue(cost <= FIXED + PER_BYTE * bytes.length,
                    "seed " + (SEED + i) + " costs " + cost + " for " + bytes.length + " bytes");
            refused += was[0] ? 1 : 0;
        }
        int count = refused;
        assertTrue(count > MUTATIONS / 4 && count < MUTATIONS, () -> count + " of " + MUTATIONS + " were refused");
    }

    private static byte[] mutated(byte[] good, int header, SplittableRandom random) {
        byte[] bytes = good.clone();
        int reach = random.nextInt(4) == 0 ? bytes.length : 8 + header;
        for (int k = random.nextInt(3); k >= 0; k--) {
            int at = random.nextInt(reach);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = (byte) JSON.charAt(random.nextInt(JSON.length()));
                case 3 -> bytes = Arrays.copyOf(bytes, random.nextInt(1, bytes.length + 20));
                default -> {
                    int to = random.nextInt(reach);
                    int n = Math.min(random.nextInt(1, 40), bytes.length - Math.max(at, to));
                    if (n > 0) {
                        System.arraycopy(bytes, at, bytes, to, n);
                    }
                }
            }
            reach = Math.min(reach, bytes.length);
        }
        return bytes;
    }

    @Test
    void headersOfAbsurdLengthOrDepthAreRefused() {
        byte[] good = good();
        assertTrue(refused(Arrays.copyOf(good, 5)).contains("too short"));
        assertTrue(refused(Arrays.copyOf(good, good.length - 7)).contains("tensors need"));
        for (long length : new long[]{0, 1, 4L << 30, Long.MAX_VALUE, -1}) {
            byte[] bytes = good.clone();
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
            assertTrue(refused(bytes).contains("header length"), () -> "length " + length);
        }
        assertTrue(refused(file("{\"a\":" + "[".repeat(100_000))).startsWith("file"));
        assertTrue(refused(file("{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,9],\"data_offsets\":[0,4]}}"))
                .contains("2^63"));
        assertTrue(refused(file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}")).contains("overlap"));
    }

    private static byte[] file(String header) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json)
                .array();
    }

    @Test
    void tensorsThatDoNotFitTheConfigurationAreRefused() {
        ModelFile good = TinyModels.classifier(false, "step");
        String name = "model.layers.1.layer.output_linear.0.weight";
        assertTrue(with(good, name, null).contains("no tensor " + name));
        assertTrue(with(good, name, TensorData.of(new float[70], 10, 7)).contains("needs the shape [12, 6]"));
        assertTrue(with(good, "encoder.0.bias", TensorData.of(new float[]{1, 2, Float.NaN, 4, 5, 6}, 6))
                .contains("holds NaN at 2"));
        assertTrue(with(good, "model.layers.0.layer.layer.kernel.l_kernel", TensorData.of(new long[]{-1}))
                .contains("at least 1"));
    }

    private static String with(ModelFile file, String name, @Nullable TensorData tensor) {
        Map<String, TensorData> tensors = new LinkedHashMap<>(file.tensors());
        if (tensor == null) {
            tensors.remove(name);
        } else {
            tensors.put(name, tensor);
        }
        return refused(new ModelFile(tensors, file.config(), file.provenance()).toSafeTensors().toBytes());
    }

    @Test
    void hugeConfigurationsCostNothing() {
        ModelFile good = TinyModels.classifier(true, "step");
        String text = s4j.io.Json.print(good.config());
        for (String[] change : new String[][]{{"\"d_model\":6", "\"d_model\":65536"},
                {"\"n_layers\":2", "\"n_layers\":1024"}, {"\"n_repeat\":1", "\"n_repeat\":2000000000"},
                {"\"d_state\":8", "\"d_state\":4096"}, {"\"channels\":1", "\"channels\":1024"},
                {"\"n_ssm\":2", "\"n_ssm\":1000000"}, {"\"d_output\":3", "\"d_output\":2147483647"}}) {
            assertTrue(text.contains(change[0]), change[0]);
            byte[] bytes = new SafeTensors(good.tensors(), Map.of("s4j.format", "1", "s4j.config",
                    text.replace(change[0], change[1]), "s4j.provenance", "{}")).toBytes();
            assertTrue(refused(bytes).startsWith("file: "), change[1]);
        }
    }
}
