package s4j.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import s4j.io.ModelFile;
import s4j.stream.RandomTensors;
import s4j.stream.RandomTensors.Sizes;

/** Model files of any sizes, without a network that would first have to be initialised. */
final class HandMade {
    private HandMade() {}

    /** One layer of S4 of width 2 over so many inputs; C~ belongs to {@code lKernel}. */
    static ModelFile s4(int inputs, int dState, long lKernel) {
        RandomTensors m = new RandomTensors(5);
        m.linear("encoder.0", 2, inputs);
        m.s4("model.layers.0.", new Sizes(2, dState / 2, 1, 1, lKernel));
        m.norm("model.norm.norm", 2);
        m.linear("decoder.0.output_transform", 3, 2);
        return m.unchecked(Map.of("d_input", inputs, "d_output", 3, "l_max", 64, "model",
                Map.of("_name_", "model", "d_model", 2, "n_layers", 1, "layer", Map.of("d_state", dState, "n_ssm", 1)),
                "decoder",
                Map.of("mode", "step")));
    }

    /** A SaShiMi of width 1 that pools so many steps. */
    static ModelFile sashimi(int pool) {
        RandomTensors m = new RandomTensors(5);
        m.linear("encoder.0", 1, 1);
        m.linear("model.d_layers.0.linear", 2, pool);
        m.pair("model.c_layers.", 0, new Sizes(2, 2, 1, 1, 64L));
        m.linear("model.u_layers.0.0.linear", pool, 2);
        m.pair("model.u_layers.0.", 1, new Sizes(1, 2, 1, 1, 64L));
        m.norm("model.norm", 1);
        m.linear("decoder.0.output_transform", 3, 1);
        return m.unchecked(Map.of("d_input", 1, "d_output", 3, "l_max", pool, "model",
                Map.of("_name_", "sashimi", "d_model", 1,
                        "n_layers", 1, "pool", List.of(pool), "layer",
                        Map.of("d_state", 4, "mode", "nplr", "n_ssm", 1)),
                "decoder",
                Map.of("mode", "step")));
    }

    /** A file whose layer has a mode of so many letters. */
    static void longWord(Path file, int letters) throws IOException {
        String config = "{\"network\":{\"d_input\":1,\"d_output\":1,\"l_max\":8,\"model\":{\"_name_\":\"model\",\"layer\":"
                + "{\"mode\":\"" + "n".repeat(letters) + "\"}}}}";
        byte[] header = ("{\"__metadata__\":{\"s4j.format\":\"1\",\"s4j.provenance\":\"{}\",\"s4j.config\":\""
                + config.replace("\"", "\\\"") + "\"}}").getBytes(StandardCharsets.US_ASCII);
        Files.write(file, ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length)
                .put(header).array());
    }
}
