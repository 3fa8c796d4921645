package s4j.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.TensorData;

/**
 * A file that PyTorch 2.13.0 itself wrote in the format before 1.6:
 *
 * <pre>
 * base = torch.arange(6, dtype=torch.float32)
 * d = OrderedDict(rows=base[2:5], columns=base.view(2, 3).t(), count=torch.tensor(1 &lt;&lt; 40),
 *     half=torch.tensor([0.5, -2.0], dtype=torch.float16), bf16=torch.tensor([1.5, -3.0], dtype=torch.bfloat16),
 *     double=torch.tensor([[0.1]], dtype=torch.float64), complex=torch.tensor([1 + 2j, 3 - 4j], dtype=torch.complex64),
 *     mask=torch.tensor([True, False, True]), param=torch.nn.Parameter(torch.tensor([7.0, 8.0])), empty=torch.zeros(0, 3))
 * torch.save({"state_dict": d, "epoch": 3, "lr": 0.25}, "legacy-stream.pt", _use_new_zipfile_serialization=False)
 * </pre>
 */
final class LegacyFixtureTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void whatPyTorchWroteInTheOldFormatIsReadAsItWas() throws IOException {
        Path file = directory.resolve("legacy-stream.pt");
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("legacy-stream.pt"))) {
            Files.copy(in, file);
        }
        try (TorchCheckpoint c = TorchCheckpoint.open(file)) {
            Map<?, ?> root = assertInstanceOf(Map.class, c.root());
            assertEquals(3L, root.get("epoch"));
            assertEquals(0.25, root.get("lr"));
            Map<?, ?> d = assertInstanceOf(Map.class, root.get("state_dict"));
            requireValues(c, d, "rows", new long[]{3}, 2, 3, 4);
            requireValues(c, d, "columns", new long[]{3, 2}, 0, 3, 1, 4, 2, 5);
            requireValues(c, d, "count", new long[0], 1L << 40);
            requireValues(c, d, "half", new long[]{2}, 0.5, -2);
            requireValues(c, d, "bf16", new long[]{2}, 1.5, -3);
            requireValues(c, d, "double", new long[]{1, 1}, 0.1);
            requireValues(c, d, "complex", new long[]{2, 2}, 1, 2, 3, -4);
            requireValues(c, d, "mask", new long[]{3}, 1, 0, 1);
            requireValues(c, d, "param", new long[]{2}, 7, 8);
            requireValues(c, d, "empty", new long[]{0, 3});
        }
    }

    private static void requireValues(TorchCheckpoint c, Map<?, ?> named, String name, long[] shape, double... values)
            throws IOException {
        TensorData tensor = c.read(assertInstanceOf(StoredTensor.class, named.get(name), name));
        assertArrayEquals(shape, tensor.shape(), name);
        assertArrayEquals(values, tensor.toDoubles(), name);
    }
}
