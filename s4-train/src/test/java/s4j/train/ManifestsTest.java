package s4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import s4j.torch.distributed.World;

/** The manifests of docs/scale-out are what they say: YAML and shell without mistakes, with the environment that workers read. */
final class ManifestsTest {
    private static final Path DOCS = Path.of("..", "docs", "scale-out");

    @Test
    void theKubernetesManifestIsAnIndexedJobBehindItsService() throws Exception {
        List<Map<?, ?>> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(DOCS.resolve("train.yaml")))
                .forEach(d -> documents.add((Map<?, ?>) d));
        assertEquals(List.of("Service", "Job"), documents.stream().map(d -> d.get("kind")).toList());
        Map<?, ?> service = at(documents.get(0), "spec");
        assertEquals("None", service.get("clusterIP"));
        Map<?, ?> job = at(documents.get(1), "spec");
        assertEquals("Indexed", job.get("completionMode"));
        Map<?, ?> pod = at(at(job, "template"), "spec");
        assertEquals(at(documents.get(0), "metadata").get("name"), pod.get("subdomain"));
        Map<?, ?> container = (Map<?, ?>) list(pod, "containers").getFirst();
        List<String> names = list(container, "env").stream().map(e -> String.valueOf(((Map<?, ?>) e).get(
                "name"))).toList();
        assertTrue(names.containsAll(List.of(World.SIZE, World.HOST, World.PORT)), names.toString());
        assertTrue(list(container, "args").toString().contains(World.RANK + "=$JOB_COMPLETION_INDEX"));
        assertEquals(String.valueOf(job.get("completions")),
                String.valueOf(((Map<?, ?>) list(container, "env").getFirst()).get("value")),
                "as many workers as pods");
    }

    private static Map<?, ?> at(Map<?, ?> map, String key) {
        return (Map<?, ?>) java.util.Objects.requireNonNull(map.get(key), key);
    }

    private static List<?> list(Map<?, ?> map, String key) {
        return (List<?>) java.util.Objects.requireNonNull(map.get(key), key);
    }

    @Test
    void theSlurmScriptIsShellAndSetsWhatWorkersRead() throws Exception {
        Path script = DOCS.resolve("train.sbatch");
        assertEquals(0, new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start().waitFor());
        String text = Files.readString(script);
        for (String key : List.of(World.RANK, World.SIZE, World.LOCAL_RANK, World.HOST, World.PORT)) {
            assertTrue(text.contains(key + "="), key);
        }
    }
}
