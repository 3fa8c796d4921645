package s4j.stream;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.io.Json;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;

/** SHA-256 of all that a network's outputs depend on. */
final class Fingerprint {
    private static final int BLOCK = 1 << 16;

    static String of(NetworkConfig config, Map<String, TensorData> tensors, double rate) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        ConfigTree tree = Binder.tree(config);
        // streams of before there was such a key go on
        tree = config.decoder().lOutput() == null ? tree.without("decoder.l_output") : tree;
        tree = config.encoder().classes().isEmpty() ? tree.without("encoder.classes") : tree;
        tree = config.encoder().parts() == 1 ? tree.without("encoder.parts") : tree;
        add(digest, Json.print(tree.toValue()));
        add(digest, Double.toString(rate));
        byte[] block = new byte[BLOCK];
        new TreeMap<>(tensors).forEach((name, tensor) -> {
            add(digest, name + " " + tensor);
            for (long at = 0; at < tensor.byteSize(); at += BLOCK) {
                int size = (int) Math.min(BLOCK, tensor.byteSize() - at);
                MemorySegment.copy(tensor.data(), at, MemorySegment.ofArray(block), 0, size);
                digest.update(block, 0, size);
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private Fingerprint() {}
}
