package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.io.SafeTensors;
import s4j.io.TensorData;
import s4j.kernel.Backend;
import s4j.testkit.Refusal;

/** A model file comes from anywhere: what is wrong with it is said, at no more cost than its own size. */
class MalformedModelTest {
    private static final int MUTATIONS = 20_000;
    private static final int SEED = 4;
    private static final String JSON = "0123456789-.eE\"{}[],:";
    private static final S4Model.Options OPTIONS = new S4Model.Options(Backend.SCALAR, 1, 1);

    private static S4Model load(byte[] bytes) throws MalformedFileException {
        return S4Model.of(ModelFile.of(SafeTensors.fromBytes(bytes, "file"), "file"), "file", OPTIONS);
    }

    private static String refused(byte[] bytes) {
        return Refusal.messageOf(MalformedFileException.class, () -> load(bytes));
    }

    private static byte[] good() { return TinyModels.classifier(false, "step").toSafeTensors().toBytes(); }

    /** Outcome of any bytes: a model, or a refusal that names the file; everything else fails the test. */
    private static boolean loads(byte[] bytes) {
        try {
            load(bytes);
            return true;
        } catch (MalformedFileException e) {
            if (!String.valueOf(e.getMessage()).startsWith("file")) {
                throw new AssertionError("a message without the file: " + e.getMessage(), e);
            }
            return false;
        }
    }

    @Test
    void mutatedFilesAreReadOrRefused() {
        byte[] good = good();
        SplittableRandom random = new SplittableRandom(SEED);
        int header = (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = mutated(good, header, random);
            refused += loads(bytes) ? 0 : 1;
        }
        assertTrue(refused > MUTATIONS / 4, "only " + refused + " of " + MUTATIONS + " were refused");
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
