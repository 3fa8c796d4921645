package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store in a real PostgreSQL; {@code S4_POSTGRES} is its JDBC address, .ci/run starts one. */
@Tag("outside")
final class PostgresTest {
    @TempDir
    Path tmp;

    private static JdbcStore store() throws IOException {
        return new JdbcStore(String.valueOf(System.getenv("S4_POSTGRES")));
    }

    @Test
    void statesAreKeptReplacedAndForgotten() throws IOException {
        String id = StreamId.next();
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (JdbcStore store = store()) {
            long before = store.size();
            store.put(id, new StateStore.Resting("m", new byte[]{1}));
            store.put(id, new StateStore.Resting("m'; drop table s4_streams; --", all));
            assertEquals(before + 1, store.size());
        }
        try (JdbcStore store = store()) {
            StateStore.Resting back = Objects.requireNonNull(store.get(id));
            assertEquals("m'; drop table s4_streams; --", back.model());
            assertArrayEquals(all, back.state());
            store.remove(id);
            assertNull(store.get(id));
        }
    }

    @Test
    void streamsSurviveTheServer() throws IOException {
        ServerConfig.Limits d = ServerConfig.Limits.DEFAULTS;
        ServerConfig.Limits limits = d.with("idle", "1ms");
        String stream;
        String twin;
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS.with(limits).with(store()))) {
            stream = server.stream("plain");
            server.steps(stream, new double[]{1, 2});
        }
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS.with(limits).with(store()))) {
            twin = server.stream("plain");
            server.steps(twin, new double[]{1, 2});
            assertEquals(server.steps(twin, new double[]{3, 4}), server.steps(stream, new double[]{3, 4}));
            server.send(server.to("/v1/streams/" + stream).DELETE());
            server.send(server.to("/v1/streams/" + twin).DELETE());
        }
    }
}
