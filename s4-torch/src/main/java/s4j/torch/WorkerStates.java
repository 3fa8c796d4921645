package s4j.torch;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import s4j.io.MalformedFileException;
import s4j.io.SafeTensors;
import s4j.io.TensorData;
import s4j.torch.distributed.Group;

/**
 * What each worker has of its own in a training state: random state and carried states. Rank 0's have their plain names, as those of one
 * worker alone; those of rank r stand below {@code rank<r>/}.
 *
 * @param group the workers
 */
record WorkerStates(Group group) {
    private static final String WORKERS = "workers";

    private static String prefix(int rank) { return rank == 0 ? "" : "rank" + rank + "/"; }

    /** All workers' states together. */
    Map<String, TensorData> gathered(Map<String, TensorData> own) {
        if (group.size() == 1) {
            return own;
        }
        Map<String, TensorData> out = new LinkedHashMap<>();
        out.put(WORKERS, TensorData.of(new long[]{group.size()}));
        List<byte[]> all = group.gather(new SafeTensors(own, Map.of()).toBytes());
        for (int r = 0; r < all.size(); r++) {
            String prefix = prefix(r);
            try {
                SafeTensors.fromBytes(all.get(r), "the state of rank " + r).tensors()
                        .forEach((name, data) -> out.put(prefix + name, data));
            } catch (MalformedFileException e) {
                throw new AssertionError("what was written is read", e);
            }
        }
        return out;
    }

    /** Refuses a state in which one of these is missing or of another kind. */
    static void requireFitting(Map<String, TensorData> expected, Map<String, TensorData> state) {
        expected.forEach((name, own) -> {
            TensorData data = state.get(name);
            if (data == null) {
                throw new IllegalArgumentException("training state has no tensor " + name + "; it was saved by another "
                        + "optimizer, without train.ema, or from another network");
            }
            if (data.dtype() != own.dtype() || !Arrays.equals(data.shape(), own.shape())) {
                throw new IllegalArgumentException(
                        "training state: tensor " + name + " is " + data + "; expected " + own);
            }
        });
    }

    /** Whether a state is of as many workers. */
    boolean fits(Map<String, TensorData> state) {
        TensorData workers = state.get(WORKERS);
        return group.size() == (workers == null ? 1 : workers.toLongs()[0]);
    }

    /** This worker's own part of a state of as many workers. */
    Map<String, TensorData> own(Map<String, TensorData> state) {
        String prefix = prefix(group.rank());
        Map<String, TensorData> out = new LinkedHashMap<>();
        state.forEach((name, data) -> {
            if (name.startsWith(prefix)) {
                out.put(name.substring(prefix.length()), data);
            }
        });
        return out;
    }
}
