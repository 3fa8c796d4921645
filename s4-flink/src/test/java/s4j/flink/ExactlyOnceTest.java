package s4j.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.flink.StreamOptions.NewModel;

/** The engine itself, embedded: what a stream has answered and what it remembers go together, whatever fails. */
final class ExactlyOnceTest {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1).setNumberSlotsPerTaskManager(4).build());

    /** Small, so that streams go to the backend and come back. */
    private static final StreamOptions FEW_AT_HAND = StreamOptions.STANDARD.sized(5, 2, 3);
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    Path tmp = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void afterFailuresAnswersAreThoseOfAnUninterruptedRunEachOnce(String backend) throws Exception {
        Jobs.Failing.FAILURES.set(0);
        StreamExecutionEnvironment env = Jobs.environment(Jobs.configuration(backend), 2);
        S4Flink.Streams streams = S4Flink.streams(Jobs.paced(env), Sensors.model(), FEW_AT_HAND);
        assertEquals(Sensors.expected(Sensors.all(), Sensors.model()),
                Jobs.gathered(streams.answers().map(new Jobs.Failing(2)).returns(Answer.class).executeAndCollect()));
        assertEquals(2, Jobs.Failing.FAILURES.get(), "failures did come");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void threeSubtasksGoOnFromTheSavepointOfTwo(String backend) throws Exception {
        Map<String, String> expected = Sensors.expected(Sensors.all(), Sensors.model());
        Stopped stopped = stopped(backend);
        Map<String, String> all = stopped.answers;
        int before = all.size();
        assertTrue(before > 20 && before < expected.size(), before + " answers before the savepoint");
        Configuration c = Jobs.configuration(backend);
        c.setString("execution.state-recovery.path", stopped.savepoint);
        c.setString("execution.state-recovery.ignore-unclaimed-state", "true"); // of what gathers the answers here
        all.putAll(Jobs.gathered(S4Flink.streams(Jobs.paced(Jobs.environment(c, 3)), Sensors.model(),
                FEW_AT_HAND).answers().executeAndCollect()));
        assertEquals(expected, all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void streamsOfAnotherModelAreRefusedOrBeginAnewByTheRule(String backend) throws Exception {
        Stopped stopped = stopped(backend);
        Configuration c = Jobs.configuration(backend);
        c.setString("execution.state-recovery.path", stopped.savepoint);
        c.setString("execution.state-recovery.ignore-unclaimed-state", "true"); // of what gathers the answers here
        c.setString("restart-strategy.type", "none");
        Exception refused = assertThrows(Exception.class, () -> {
            Jobs.gathered(S4Flink.streams(Jobs.paced(Jobs.environment(c, 2)), Sensors
                    .otherModel(), FEW_AT_HAND).answers().executeAndCollect());
        });
        StringBuilder causes = new StringBuilder();
        for (Throwable t = refused; t != null; t = t.getCause()) {
            causes.append(t.getMessage()).append('\n');
        }
        assertTrue(causes.toString().contains("incompatible"), causes.toString());
        Map<String, String> anew = Jobs
                .gathered(S4Flink.streams(Jobs.paced(Jobs.environment(c, 2)), Sensors.otherModel(),
                        FEW_AT_HAND.with(NewModel.RESET)).answers().executeAndCollect());
        assertEquals(Sensors.COUNT, stopped.answers.size() + anew.size(), "none lost, none twice");
        Map<String, String> expected = Sensors.expected(Sensors.all().stream().filter(r -> anew.containsKey(r.key()
                + "@" + r.time())).toList(), Sensors.otherModel());
        assertEquals(expected, anew);
    }

    private record Stopped(String savepoint, Map<String, String> answers) {}

    /** A job of two subtasks that is stopped half-way. */
    private Stopped stopped(String backend) throws Exception {
        StreamExecutionEnvironment env = Jobs.environment(Jobs.configuration(backend), 2);
        CloseableIterator<Answer> answers = S4Flink.streams(Jobs.paced(env), Sensors.model(), FEW_AT_HAND).answers()
                .collectAsync();
        JobClient job = env.executeAsync();
        CompletableFuture<Map<String, String>> gathered = CompletableFuture.supplyAsync(() -> Jobs.gathered(answers));
        while (job.getJobStatus().get() != JobStatus.RUNNING) {
            Thread.sleep(20);
        }
        Thread.sleep(500);
        String savepoint = savepoint(job);
        return new Stopped(savepoint, gathered.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    /** Asked again while subtasks are still starting. */
    private String savepoint(JobClient job) throws Exception {
        for (int i = 0;; i++) {
            try {
                return job.stopWithSavepoint(false, tmp.toUri().toString(), SavepointFormatType.CANONICAL).get(
                        PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException e) {
                if (i == 20) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }
}
