package s4j.official;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.SafeTensors;
import s4j.io.TensorData;
import s4j.testkit.TorchFile;
import s4j.testkit.TorchFile.Tensor;

/** State dicts of the official layouts in each kind of file that people have: the same network from all. */
final class StateDictFilesTest {
    @TempDir
    Path directory = Path.of("");

    private static TensorData data(Tensor t) {
        ByteBuffer bytes = ByteBuffer.wrap(t.data()).order(ByteOrder.LITTLE_ENDIAN);
        if (t.width() == Long.BYTES) {
            long[] values = new long[t.data().length / Long.BYTES];
            bytes.asLongBuffer().get(values);
            return TensorData.of(values, t.shape());
        }
        float[] values = new float[t.data().length / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return TensorData.of(values, t.shape());
    }

    @Test
    void everyLayoutIsTheSameNetworkInEveryKindOfFile() throws IOException {
        Map<String, Map<String, Object>> layouts = new LinkedHashMap<>();
        layouts.put("example", Fixtures.example(""));
        layouts.put("nplr2022", Fixtures.nplr2022("module."));
        layouts.put("network", Fixtures.network());
        layouts.put("sashimi", Fixtures.sashimi(true, false));
        layouts.put("sashimi of src", Fixtures.sashimi(false, true));
        for (Map.Entry<String, Map<String, Object>> layout : layouts.entrySet()) {
            Map<String, TensorData> plain = new LinkedHashMap<>();
            Map<String, Tensor> torch = new LinkedHashMap<>();
            layout.getValue().forEach((name, value) -> {
                torch.put(name, assertInstanceOf(Tensor.class, value, name));
                plain.put(name, data(torch.get(name)));
            });
            OfficialModel zip = read("c.pt", TorchFile.of(layout.getValue()));
            for (OfficialModel other : new OfficialModel[]{read("c.pth", TorchFile.stream(layout.getValue())),
                    read("c.tar", TorchFile.tar(torch)),
                    read("c.safetensors", new SafeTensors(plain, Map.of("format", "pt")).toBytes())}) {
                assertEquals(zip.tensors(), other.tensors(), layout.getKey());
                assertEquals(zip.layout(), other.layout(), layout.getKey());
                assertEquals(zip.findings().tree().toValue(), other.findings().tree().toValue(), layout.getKey());
            }
        }
    }

    private OfficialModel read(String name, byte[] content) throws IOException {
        return OfficialModel.read(Files.write(directory.resolve(name), content), null);
    }
}
