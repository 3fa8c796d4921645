package s4j.official;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.Binder;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.model.BackboneConfig;
import s4j.model.NetworkConfig;
import s4j.model.S4LayerConfig;
import s4j.model.SashimiConfig;
import s4j.model.SequenceBatch;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.testkit.TorchFile;
import s4j.testkit.TorchFile.Foreign;
import s4j.testkit.TorchFile.Tensor;

/** Layouts: recognised wherever they stand, moved to V4 names, refused when something is left over. */
final class OfficialModelTest {
    @TempDir
    Path directory = Path.of("");

    private OfficialModel read(Object root, @Nullable String from) throws IOException {
        Path file = directory.resolve("c.pt");
        Files.write(file, TorchFile.of(root));
        return OfficialModel.read(file, from);
    }

    private OfficialModel read(Object root) throws IOException { return read(root, null); }

    private static NetworkConfig network(OfficialModel model) {
        return Binder.bind(model.findings().tree(), NetworkConfig.class);
    }

    private static TensorData tensor(OfficialModel model, String name) {
        TensorData t = model.tensors().get(name);
        assertNotNull(t, name + " in " + model.tensors().keySet());
        return t;
    }

    @Test
    void exampleBecomesABackboneOfS4d() throws IOException {
        OfficialModel model = read(Map.of("model", Fixtures.example(""), "acc", 79.06, "epoch", 14));
        NetworkConfig network = network(model);
        assertEquals(3, network.dInput());
        assertEquals(5, network.dOutput());
        BackboneConfig body = (BackboneConfig) network.model();
        assertEquals(Fixtures.H, body.dModel());
        assertEquals(2, body.nLayers());
        assertFalse(body.prenorm());
        assertFalse(body.finalNorm());
        S4LayerConfig layer = body.s4().orElseThrow();
        assertTrue(layer.mode().diagonal());
        assertEquals(2 * Fixtures.PAIRS, layer.dState());
        assertEquals(S4LayerConfig.Transform.EXP, layer.dtTransform());
        assertEquals(S4LayerConfig.Disc.ZOH, layer.disc());
        assertArrayEquals(new long[]{1, Fixtures.H, Fixtures.PAIRS, 2},
                tensor(model, "model.layers.1.layer.layer.kernel.C").shape());
        assertArrayEquals(new long[]{2 * Fixtures.H, Fixtures.H},
                tensor(model, "model.layers.0.layer.output_linear.0.weight").shape());
        assertArrayEquals(new long[]{1, Fixtures.H}, tensor(model, "model.layers.0.layer.layer.D").shape());
        assertTrue(model.findings().all().stream().anyMatch(f -> f.key().equals("model.prenorm") && f.assumed()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "module.", "model.", "net.", "ema.", "_orig_mod.module."})
    void prefixesAreFound(String prefix) throws IOException {
        OfficialModel plain = read(Fixtures.example(""));
        assertEquals(plain.tensors(), read(Fixtures.example(prefix)).tensors());
        assertEquals(plain.tensors(), read(Map.of("state_dict", Fixtures.example(prefix))).tensors());
    }

    @Test
    void movingAveragesComeLastUnlessAskedFor() throws IOException {
        Map<String, Object> average = Fixtures.example("");
        average.put("encoder.bias", Tensor.floats(new float[]{9, 9, 9, 9}, 4));
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("ema", average);
        root.put("net", Fixtures.example(""));
        OfficialModel first = read(root);
        assertTrue(first.place().endsWith("net") && first.others().size() == 1, first.place() + first.others());
        assertEquals(9, tensor(read(root, "ema"), "encoder.0.bias").get(0));
        assertFails(MalformedFileException.class, () -> read(root, "teacher"), "no network at a place with teacher");
    }

    @Test
    void networksOfSrcKeepTheirNames() throws IOException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("hyper_parameters", new Foreign("omegaconf", "DictConfig", List.of(), Map.of("a", 1)));
        root.put("callbacks", Map.of("x", new Foreign("pytorch_lightning", "Y", List.of(), null)));
        root.put("state_dict", Fixtures.network());
        OfficialModel model = read(root);
        NetworkConfig network = network(model);
        BackboneConfig body = (BackboneConfig) network.model();
        assertTrue(body.prenorm());
        assertEquals(BackboneConfig.Norm.BATCH, body.norm());
        assertEquals(1, body.s4().orElseThrow().rank());
        assertEquals(1, body.s4().orElseThrow().nSsm());
        assertEquals(S4LayerConfig.Transform.SOFTPLUS, body.s4().orElseThrow().dtTransform());
        assertEquals(16, network.lMax());
        assertEquals(7, network.dInput());
        Map<String, Object> names = Fixtures.network();
        names.keySet().removeIf(n -> n.endsWith("num_batches_tracked"));
        assertEquals(names.keySet(), model.tensors().keySet());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sashimiKeepsItsNames(boolean unet) throws IOException {
        OfficialModel model = read(Fixtures.sashimi(unet, false));
        SashimiConfig body = (SashimiConfig) network(model).model();
        assertEquals(List.of(2, 3), body.pool());
        assertEquals(2, body.expand());
        assertEquals(2, body.ff());
        assertEquals(1, body.nLayers());
        assertEquals(unet, body.unet());
        assertEquals(S4LayerConfig.Transform.EXP, body.s4().orElseThrow().dtTransform(),
                "the default of models/sashimi");
        Map<String, Object> names = new LinkedHashMap<>();
        Fixtures.sashimi(unet, false).forEach((k, v) -> names.put("model." + k, v));
        assertEquals(names.keySet(), model.tensors().keySet());
    }

    @Test
    void sashimiOfSrcIsMovedToTheSameNamesAndShapes() throws IOException {
        OfficialModel plain = read(Fixtures.sashimi(false, false));
        Map<String, Object> src = new LinkedHashMap<>();
        Fixtures.sashimi(false, true).forEach((k, v) -> src.put("model." + k, v));
        OfficialModel model = read(src);
        assertEquals(plain.tensors().keySet(), model.tensors().keySet());
        plain.tensors().forEach((k, t) -> assertArrayEquals(t.shape(), tensor(model, k).shape(), k));
        TensorData row = tensor(model, "model.d_layers.0.linear.weight");
        double sum = 0;
        for (int i = 0; i < row.shape()[1]; i++) {
            sum += row.get(i) * row.get(i);
        }
        Tensor g = (Tensor) Fixtures.sashimi(false, true).get("d_layers.0.linear.weight_g");
        assertNotNull(g);
        float scale = java.nio.ByteBuffer.wrap(g.data()).order(java.nio.ByteOrder.LITTLE_ENDIAN).getFloat();
        assertEquals(scale, Math.sqrt(sum), 1e-6, "a row of a weight norm has the length g");
    }

    @Test
    void whatHasNoPlaceIsNamed() throws IOException {
        Map<String, Object> more = Fixtures.example("");
        more.put("attention.weight", Tensor.floats(new float[]{1}, 1));
        assertFails(MalformedFileException.class, () -> read(more), "1 of its names have no place", "attention.weight");
        Map<String, Object> less = Fixtures.example("");
        less.remove("s4_layers.1.kernel.C");
        assertFails(MalformedFileException.class, () -> read(less), "no tensor s4_layers.1.kernel.C");
        Map<String, Object> object = Fixtures.example("");
        object.put("s4_layers.0.D", new Foreign("my.code", "Skip", List.of(), null));
        assertFails(MalformedFileException.class, () -> read(object), "s4_layers.0.D is an object of my.code.Skip",
                "Nothing of a checkpoint is run");
        Map<String, Object> nan = Fixtures.example("");
        nan.put("s4_layers.0.D", Tensor.floats(new float[]{1, Float.NaN, 0, 0}, 4));
        assertFails(MalformedFileException.class, () -> read(nan), "s4_layers.0.D has NaN at element 1");
        Map<String, Object> kernel = Fixtures.example("");
        kernel.keySet().removeIf(n -> n.contains("s4_layers.1.kernel"));
        assertFails(MalformedFileException.class, () -> read(kernel), "s4_layers.1. has no SSM kernel", "log_A_real");
    }

    @Test
    void unknownLayoutsAreListed() {
        assertFails(MalformedFileException.class, () -> read(Map.of("w", Tensor.floats(new float[]{1}, 1))),
                "none of the known layouts", "s4_layers.0.", "c_layers.0.", "1 names: w");
        assertFails(MalformedFileException.class,
                () -> read(new Foreign("my.code", "Model", List.of(), Map.of("training", true))),
                "no dictionary of tensors at all", "model.state_dict()");
    }

    @Test
    void whatCannotBeThisModelIsRefused() throws IOException {
        Map<String, Object> q = Fixtures.nplr2022("");
        Tensor p = (Tensor) q.get("s4_layers.0.kernel.kernel.P");
        assertNotNull(p);
        q.put("s4_layers.0.kernel.kernel.Q", p);
        assertFails(MalformedFileException.class, () -> read(q), "Q: got another matrix than conj(P)");
        Map<String, Object> w = Fixtures.nplr2022("");
        w.put("s4_layers.0.kernel.kernel.w", Tensor.floats(new float[12], 2, 3, 2));
        assertFails(MalformedFileException.class, () -> read(w), "w[0,0]: got real part 0.0", "below 0");
        Map<String, Object> mixed = Fixtures.sashimi(false, true);
        mixed.keySet().removeIf(n -> n.startsWith("c_layers.1.norm."));
        mixed.put("c_layers.1.norm.norm.m", Tensor.floats(new float[1], 1));
        mixed.put("c_layers.1.norm.norm.s", Tensor.floats(new float[1], 1));
        assertFails(MalformedFileException.class, () -> read(mixed), "c_layers.1.norm.norm: got scalar_layer",
                "layer as in the blocks before");
        mixed.put("c_layers.1.norm.norm.m", Tensor.floats(new float[2], 2));
        assertFails(MalformedFileException.class, () -> read(mixed), "c_layers.1.norm.norm.m: got shape [2]",
                "shape [1]");
        Map<String, Object> last = Fixtures.sashimi(false, true);
        last.remove("norm.weight");
        last.remove("norm.bias");
        last.put("norm.m", Tensor.floats(new float[1], 1));
        last.put("norm.s", Tensor.floats(new float[1], 1));
        assertFails(MalformedFileException.class, () -> read(last), "SaShiMi ends with a layer norm");
        Map<String, Object> never = Fixtures.network();
        never.put("model.layers.0.layer.layer.kernel.l_kernel", Tensor.longs(new long[]{0}));
        assertFails(MalformedFileException.class, () -> read(never), "l_kernel: got 0", "never run");
    }

    @Test
    void languageModelOfClustersAndALayerListIsRead() throws IOException {
        OfficialModel model = read(Map.of("state_dict", Fixtures.adaptive()));
        NetworkConfig network = network(model);
        BackboneConfig body = (BackboneConfig) network.model();
        assertEquals("[S4, S4, FF]", body.layers().stream().map(s4j.model.LayerConfig::title).toList().toString());
        assertEquals(2, body.nLayers());
        assertEquals(6, body.blocks());
        assertTrue(body.prenorm());
        assertEquals(new s4j.model.Clusters(12, List.of(5, 9), 2, Fixtures.H), network.clusters());
        assertEquals(12, network.dOutput());
        S4Model own = new S4Model(network, model.tensors(), ModelOptions.standard());
        assertNotNull(own.newSession());
        float[] y = own.forward(new SequenceBatch(1, 5, 1, new float[]{0, 11, 4, 5, 9}));
        for (int t = 0; t < 5; t++) {
            double sum = 0;
            for (int w = 0; w < 12; w++) {
                sum += Math.exp(y[t * 12 + w]);
            }
            assertEquals(1, sum, 1e-5, "probabilities at step " + t);
        }
        // the clusters' scores stand in reverse order behind the head's words: more for the last one is more for cluster 1
        float[] biased = new float[]{0, 5};
        Map<String, TensorData> moved = new LinkedHashMap<>(model.tensors());
        moved.put("decoder.0.cluster_bias", TensorData.of(biased, 2));
        float[] z = new S4Model(network, moved, ModelOptions.standard())
                .forward(new SequenceBatch(1, 1, 1, new float[]{0}));
        double first = 0;
        for (int w = 5; w < 9; w++) {
            first += Math.exp(z[w]);
        }
        assertTrue(first > 0.5, "cluster 1 has " + first);
    }

    @Test
    void softmaxWithTablesOfItsOwnIsRefused() {
        Map<String, Object> untied = Fixtures.adaptive();
        untied.put("loss.out_projs.1", untied.get("encoder.0.emb_projs.1"));
        assertFails(MalformedFileException.class, () -> read(untied), "loss.out_projs.1", "tie_projs");
    }

    @Test
    void layersThatRepeatInNoOrderAreAListOfAll() throws IOException {
        Map<String, Object> names = new LinkedHashMap<>(Fixtures.adaptive());
        names.keySet().removeIf(n -> n.startsWith("model.layers.5."));
        BackboneConfig body = (BackboneConfig) network(read(names)).model();
        assertEquals(1, body.nLayers());
        assertEquals("[S4, S4, FF, S4, S4]",
                body.layers().stream().map(s4j.model.LayerConfig::title).toList().toString());
    }
}
