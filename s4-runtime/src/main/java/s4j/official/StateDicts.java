package s4j.official;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import s4j.pickle.Placeholder;
import s4j.pickle.StoredTensor;
import s4j.pickle.TorchCheckpoint;

/**
 * Finds the state dicts in a checkpoint: the whole of it, or under {@code state_dict}, {@code model}, {@code net},
 * {@code ema} or any other key, at any depth. Outer ones come first.
 */
final class StateDicts {
    private static final int MAX_VISITED = 100_000;

    /** A value and how one gets there. */
    private record Found(String path, @Nullable Object value) {}

    static List<StateDict> in(TorchCheckpoint checkpoint, String file) {
        List<StateDict> out = new ArrayList<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Found> queue = new ArrayDeque<>(List.of(new Found("", checkpoint.root())));
        while (!queue.isEmpty() && seen.size() < MAX_VISITED) {
            Found found = queue.remove();
            Map<?, ?> map = map(found.value());
            if (map == null || !seen.add(map)) {
                continue;
            }
            Map<String, @Nullable Object> named = new LinkedHashMap<>();
            boolean tensors = false;
            for (Map.Entry<?, ?> e : map.entrySet()) {
                if (e.getKey() instanceof String key) {
                    named.put(key, e.getValue());
                    tensors |= e.getValue() instanceof StoredTensor;
                    if (map(e.getValue()) != null) {
                        queue.add(new Found(found.path().isEmpty() ? key : found.path() + "." + key, e.getValue()));
                    }
                }
            }
            if (tensors) {
                out.add(new StateDict(found.path().isEmpty() ? file : file + ", " + found.path(), checkpoint, named));
            }
        }
        return out;
    }

    private static @Nullable Map<?, ?> map(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> map;
            case Placeholder p -> p.items().isEmpty() ? null : p.items();
            case null, default -> null;
        };
    }

    private StateDicts() {}
}
