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

    /** Of a long way down, the last keys are shown. */
    private static final int SHOWN_KEYS = 8;
    private static final int SHOWN_LENGTH = 100;

    /** A value, its key, and where that stands: names of nested places together would grow with the square of their depth. */
    private record Found(@Nullable Found outer, String key, @Nullable Object value) {
        /** For people: {@code state_dict.model}, shortened. */
        String path() {
            Deque<String> keys = new ArrayDeque<>();
            Found at = this;
            for (; at.outer != null && keys.size() < SHOWN_KEYS; at = at.outer) {
                keys.push(at.key.length() > SHOWN_LENGTH ? at.key.substring(0, SHOWN_LENGTH) + "…" : at.key);
            }
            if (at.outer != null) {
                keys.push("…");
            }
            return String.join(".", keys);
        }
    }

    static List<StateDict> in(TorchCheckpoint checkpoint, String file) {
        List<StateDict> out = new ArrayList<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Found> queue = new ArrayDeque<>(List.of(new Found(null, "", checkpoint.root())));
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
                        queue.add(new Found(found, key, e.getValue()));
                    }
                }
            }
            if (tensors) {
                String path = found.path();
                out.add(new StateDict(path.isEmpty() ? file : file + ", " + path, checkpoint::read, named));
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
