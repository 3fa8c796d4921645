package s4j.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TeamTest {
    /** Adds 1 to each of some numbers. */
    private static final class Increments implements Team.Piece {
        private final int[] counts = new int[100];

        @Override
        public void run(int part, int parts) {
            for (int i = part * counts.length / parts; i < (part + 1) * counts.length / parts; i++) {
                counts[i]++;
            }
        }
    }

    private static int[] all(int value) {
        int[] expected = new int[100];
        Arrays.fill(expected, value);
        return expected;
    }

    @Test
    void everyPartRunsOnceForEveryNumberOfThreads() {
        for (int threads = 1; threads <= 5; threads++) {
            Team team = new Team(threads);
            Increments work = new Increments();
            for (int round = 0; round < 20_000; round++) {
                team.run(work);
            }
            assertArrayEquals(all(20_000), work.counts, threads + " threads");
        }
    }

    @Test
    void membersThatSleepAreWoken() {
        Team team = new Team(3);
        Increments work = new Increments();
        for (int round = 0; round < 200; round++) {
            team.run(work);
            LockSupport.parkNanos(300_000);
        }
        assertArrayEquals(all(200), work.counts);
    }

    @Test
    void callersShareATeam() throws InterruptedException, ExecutionException {
        Team team = new Team(2);
        List<Callable<int[]>> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            callers.add(() -> {
                Increments work = new Increments();
                for (int round = 0; round < 5_000; round++) {
                    team.run(work);
                }
                return work.counts;
            });
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
            for (Future<int[]> counts : executor.invokeAll(callers)) {
                assertArrayEquals(all(5_000), counts.get());
            }
        }
    }

    @Test
    void aFailureOfAnyPartReachesTheCallerAndTheTeamGoesOn() {
        Team team = new Team(2);
        for (int failing = 0; failing < 2; failing++) {
            int part = failing;
            Team.Piece piece = (p, parts) -> {
                if (p == part || parts == 1) {
                    throw new IllegalStateException("part " + part);
                }
            };
            var thrown = assertThrows(IllegalStateException.class, () -> team.run(piece));
            assertEquals("part " + part, thrown.getMessage());
        }
        Increments work = new Increments();
        team.run(work);
        assertArrayEquals(all(1), work.counts);
    }

    @Test
    void aPieceWithinAPieceRunsOnItsOwnThread() {
        Team team = new Team(2);
        Increments inner = new Increments();
        team.run((part, parts) -> {
            if (part == 0) {
                team.run(inner);
            }
        });
        assertArrayEquals(all(1), inner.counts);
    }

    @Test
    void noThreadsAreRefused() { assertThrows(IllegalArgumentException.class, () -> new Team(0)); }
}
