package s4j.torch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WorldTest {
    private static final Map<String, String> WHOLE = Map.of("RANK", "3", "WORLD_SIZE", "8", "LOCAL_RANK", "1",
            "LOCAL_WORLD_SIZE", "2", "MASTER_ADDR", "node-0", "MASTER_PORT", "29400", "S4_PEER_TIMEOUT", "7");

    @Test
    void theEnvironmentOfTorchrunSaysWhoAWorkerIs() {
        World world = World.of(WHOLE);
        assertEquals(new World(3, 8, 1, 2, "node-0", 29_400, Duration.ofSeconds(7)), world);
        assertEquals(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), world.threads());
    }

    @Test
    void withoutItAndWithOneWorkerAProcessIsAlone() {
        assertEquals(World.ALONE, World.of(Map.of("PATH", "/bin")));
        assertEquals(World.ALONE, World.of(Map.of("RANK", "0", "WORLD_SIZE", "1")));
        Group alone = Group.join(World.ALONE, "1");
        assertTrue(alone.leads() && alone.size() == 1);
        assertEquals(2.0, alone.sum(2)[0]);
        assertEquals(2.0, alone.max(2)[0]);
        assertEquals(7, alone.inTurn(() -> 7));
        assertEquals(1, alone.gather(alone.broadcast(new byte[]{5})).size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"RANK|8|RANK=8 in the environment; expected 0 to 7: ranks count from 0",
            "RANK|-1|expected 0 to 7", "RANK|x|RANK=x in the environment; expected a whole number",
            "WORLD_SIZE|0|WORLD_SIZE=0", "MASTER_PORT|70000|MASTER_PORT=70000 in the environment; expected 1 to 65535",
            "S4_PEER_TIMEOUT|0|S4_PEER_TIMEOUT=0", "LOCAL_WORLD_SIZE|9|LOCAL_WORLD_SIZE=9"})
    void whatIsWrongIsNamed(String key, String value, String message) {
        Map<String, String> environment = new HashMap<>(WHOLE);
        environment.put(key, value);
        assertFails(WorldException.class, () -> World.of(environment), message);
    }

    @ParameterizedTest
    @CsvSource({"RANK,no RANK", "WORLD_SIZE,no WORLD_SIZE", "MASTER_ADDR,no MASTER_ADDR", "MASTER_PORT,no MASTER_PORT"})
    void whatIsMissingIsNamed(String key, String message) {
        Map<String, String> environment = new HashMap<>(WHOLE);
        environment.remove(key);
        assertFails(WorldException.class, () -> World.of(environment), message);
    }
}
