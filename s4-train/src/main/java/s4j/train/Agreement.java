package s4j.train;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import s4j.data.Dataset;
import s4j.io.Json;
import s4j.io.MalformedFileException;
import s4j.io.SafeTensors;
import s4j.io.TensorData;
import s4j.torch.Learner;
import s4j.torch.distributed.Group;
import s4j.torch.distributed.WorldException;

/** What workers must have alike before they begin: each would train, but not the same network on the same data. */
final class Agreement {
    private static final List<String> PLACES = List.of("run.dir", "train.ckpt", "trainer.threads", "trainer.device");
    private static final List<String> PATHS = List.of(".data_dir", ".path");

    private Agreement() {}

    /**
     * Configuration (but for places on the machine) and data.
     *
     * @param continues whether a checkpoint is continued
     * @throws WorldException at all workers alike, naming rank, key and both values
     */
    static void onRun(Group group, ResolvedConfig config, Dataset data, boolean continues) {
        if (group.size() == 1) {
            return;
        }
        Map<String, Object> own = new LinkedHashMap<>();
        own.put("a checkpoint to continue", continues);
        Continuation.flatten(config.json()).forEach((key, value) -> {
            if (!PLACES.contains(key) && PATHS.stream().noneMatch(key::endsWith)) {
                own.put(key, value);
            }
        });
        own.put("the data's hash", data.hash());
        own.put("sequences", List.of(data.train().size(), data.validation().size(), data.test().size()).toString());
        check(group, own);
    }

    /**
     * Network, weights and machine.
     *
     * @param anyMachine whether machines may differ
     */
    static void onNetwork(Group group, Learner learner, boolean anyMachine) {
        if (group.size() == 1) {
            return;
        }
        Map<String, Object> own = new LinkedHashMap<>();
        learner.parameters().forEach(p -> own.put("the shape of " + p.name(), p.shape().toString()));
        own.put("the weights' checksum", checksum(learner.modelTensors()));
        if (!anyMachine) {
            own.put("the machine", learner.fingerprint());
        }
        check(group, own);
    }

    private static String checksum(Map<String, TensorData> tensors) {
        CRC32C crc = new CRC32C();
        crc.update(new SafeTensors(new TreeMap<>(tensors), Map.of()).toBytes());
        return Long.toHexString(crc.getValue());
    }

    private static void check(Group group, Map<String, Object> own) {
        List<byte[]> all = group.gather(Json.print(own).getBytes(StandardCharsets.UTF_8));
        Map<String, String> first = parsed(all.getFirst());
        for (int r = 1; r < all.size(); r++) {
            Map<String, String> other = parsed(all.get(r));
            TreeSet<String> keys = new TreeSet<>(first.keySet());
            keys.addAll(other.keySet());
            for (String key : keys) {
                if (!Objects.equals(first.get(key), other.get(key))) {
                    throw new WorldException("rank %d has %s %s; rank 0 has %s; expected the same at all workers."
                            .formatted(r, key, shown(other.get(key)), shown(first.get(key)))
                            + " Start all with the same words and the same data");
                }
            }
        }
    }

    private static String shown(@Nullable String value) { return value == null ? "nothing" : value; }

    private static Map<String, String> parsed(byte[] json) {
        Map<String, String> out = new TreeMap<>();
        try {
            if (Json.parse(new String(json, StandardCharsets.UTF_8),
                    "what a worker said of itself") instanceof Map<?, ?> said) {
                said.forEach((key, value) -> out.put(String.valueOf(key), String.valueOf(value)));
            }
        } catch (MalformedFileException e) {
            throw new AssertionError("what was printed is read", e);
        }
        return out;
    }
}
