package s4j.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SideBySideTest {
    private static final Work WORK = new Work(Work.Model.S4D, Work.Kind.CONVOLUTION, Work.Pass.FWD_BWD, 50, 128, 784,
            64,
            1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Lap.Pace AT_ONCE = new Lap.Pace(0, 1, 0, 1, 0);

    private static final OtherPrograms UNKNOWN = new OtherPrograms(() -> Double.NaN);

    @TempDir
    Path tmp;

    private Contender fake(String name, String how) throws IOException {
        return FakePeer.named(name, tmp, how, MINUTE, _ -> true);
    }

    private static Result run(Contender ours, Contender peer, boolean memory) {
        try (ours; peer) {
            return new SideBySide(ours, List.of(peer), 5, memory, AT_ONCE, UNKNOWN).run(WORK);
        }
    }

    @Test
    void ratioIsPeersTimeOverOurs() throws IOException {
        Result r = run(fake("s4j", "10"), fake("torch", "310"), true);
        assertEquals(5, r.ours().timing().rounds().size());
        assertEquals(31.0, r.ratio("torch"));
        assertEquals(12.5, r.ours().megabytes());
        assertEquals(Result.Standing.COUNTS, r.standing("torch"));
        assertEquals(List.of(), r.notes("torch"));
    }

    @Test
    void aPeerSlowerThanItIsKnownToBeDoesNotCount() throws IOException {
        Result r = run(fake("s4j", "10"), fake("torch", "500"), false);
        assertEquals(50.0, r.ratio("torch"));
        assertEquals(Result.Standing.TOO_SLOW, r.standing("torch"));
        assertTrue(r.notes("torch").getFirst().startsWith("does not count: torch took 500 ms"),
                r.notes("torch")::toString);
        assertNull(r.ours().megabytes());
    }

    @Test
    void aRowThatOtherProgramsDisturbedDoesNotCount() throws IOException {
        AtomicLong clock = new AtomicLong();
        OtherPrograms busy = new OtherPrograms(() -> clock.addAndGet(1_000_000));
        try (Contender ours = fake("s4j", "10"); Contender peer = fake("torch", "310")) {
            Result r = new SideBySide(ours, List.of(peer), 5, false, AT_ONCE, busy).run(WORK);
            assertEquals(Result.Standing.DISTURBED, r.standing("torch"));
            assertTrue(r.notes("torch").getFirst().contains("other programs took"), r.notes("torch")::toString);
        }
    }

    @Test
    void othersHaveWhatIsNeitherIdleNorOurs() {
        int cores = Runtime.getRuntime().availableProcessors();
        assertEquals(0.25, OtherPrograms.share(100.0 * cores, 75.0 * cores, 100), 1e-12);
        assertEquals(0, OtherPrograms.share(10, 20, 100), "clocks tick in 10 ms");
        assertTrue(Double.isNaN(OtherPrograms.share(Double.NaN, 1, 100)));
    }

    @ParameterizedTest
    @CsvSource({"full,out of memory", "dies,ended with exit code 3: Killed by fate", "odd,answered what?"})
    void aPeerThatFailsSaysWhyAndOursStands(String how, String reason) throws IOException {
        Result r = run(fake("s4j", "10"), fake("torch", how), false);
        assertTrue(r.ours().timing().measured());
        assertNull(r.ratio("torch"));
        assertTrue(r.notes("torch").getFirst().contains(reason), r.notes("torch")::toString);
    }

    @Test
    void aPeerOutOfTimeIsEndedAndStartsAgain() throws Exception {
        try (Contender peer = FakePeer.named("torch", tmp, "slow", Duration.ofMillis(300), _ -> true)) {
            Lap lap = new Lap(peer, AT_ONCE, UNKNOWN);
            lap.begin(WORK);
            lap.round();
            assertEquals(new Timing(List.of(), "out of time", Double.NaN), lap.timing());
            assertEquals(12.5, peer.memory(WORK));
            Lap again = new Lap(peer, AT_ONCE, UNKNOWN);
            again.begin(WORK);
            assertEquals("out of time", again.timing().stopped());
        }
    }

    @Test
    void aWorkThatFitsTheLimitOnceHasOneRound() throws IOException {
        try (Contender peer = FakePeer.named("torch", tmp, "long", Duration.ofSeconds(30), _ -> true)) {
            Lap lap = new Lap(peer, AT_ONCE, UNKNOWN);
            lap.begin(WORK);
            lap.round();
            lap.round();
            assertEquals(new Timing(List.of(40_000.0), "time limit of 30 s"), lap.timing());
        }
    }

    @Test
    void whoIsNotThereSaysWhy() throws IOException {
        try (Contender absent = fake("torch", "absent");
                Contender silent = fake("torch", "silent");
                Contender missing = new Contender("torch", _ -> new ProcessBuilder("/no/such/python"), MINUTE,
                        _ -> false);
                Contender here = fake("torch", "1")) {
            List.of(absent, silent, missing, here).forEach(Contender::start);
            assertEquals("No module named torch", absent.absent());
            assertEquals("ended with exit code 4", silent.absent());
            assertNotNull(missing.absent());
            assertTrue(missing.absent().contains("/no/such/python"), missing.absent());
            assertNull(here.absent());
            assertEquals("Fake 1.0, 2 threads", here.description());
        }
    }

    @Test
    void aPeerWithoutAProgramForAWorkIsLeftOut() throws IOException {
        Work steps = new Work(Work.Model.S4, Work.Kind.SASHIMI_STEPS, Work.Pass.FWD, 1, 64, 16, 64, 8);
        try (Contender ours = fake("s4j", "10");
                Contender peer = FakePeer.named("torch", tmp, "310", MINUTE, w -> w.kind() == Work.Kind.BLOCK)) {
            Result r = new SideBySide(ours, List.of(peer), 5, true, AT_ONCE, UNKNOWN).run(steps);
            assertTrue(r.ours().timing().measured());
            assertEquals(Map.of(), r.peers());
        }
    }

    @Test
    void theOfficialImplementationTakesPartWhereItIsGiven() throws IOException {
        try (Contenders contenders = Contenders.unpack()) {
            assertEquals(List.of("torch", "jax"), names(contenders.peers("python3", null)));
            List<Contender> peers = contenders.peers("python3", tmp);
            assertEquals(List.of("torch", "jax", "official"), names(peers));
            assertEquals(List.of("block", "training-step", "forecast-step", "text-step", "sashimi-steps"),
                    kinds(peers.getLast()));
            assertEquals(List.of("convolution", "block", "training-step", "forecast-step", "text-step"),
                    kinds(peers.getFirst()));
            Work lstm = new Work(Work.Model.LSTM, Work.Kind.TRAINING_STEP, Work.Pass.FWD_BWD, 1, 1, 1, 2, 1);
            assertEquals(List.of("torch"), names(peers.stream().filter(p -> p.takesPart(lstm)).toList()),
                    "PyTorch has modules of its own");
        }
    }

    private static List<String> names(List<Contender> peers) { return peers.stream().map(Contender::name).toList(); }

    private static List<String> kinds(Contender peer) {
        return Arrays.stream(Work.Kind.values()).filter(kind -> peer.takesPart(new Work(Work.Model.S4D, kind,
                Work.Pass.FWD, 1, 1, 1, 2, 1))).map(k -> k.name().toLowerCase(Locale.ROOT).replace('_', '-')).toList();
    }

    @Test
    void whatIsNotTheOfficialImplementationIsRefused() throws IOException {
        String missing = Contenders.checkOfficial(tmp);
        assertTrue(missing != null && missing.contains("no file " + tmp.resolve("models/s4/s4.py")), missing);
        fakeOfficial();
        assertNull(Contenders.checkOfficial(tmp));
    }

    private void fakeOfficial() throws IOException {
        Path layer = tmp.resolve("models/s4/s4.py");
        Files.createDirectories(layer.getParent());
        Files.writeString(layer, "raise ImportError('nothing here')\n");
    }

    @Test
    void officialFiguresAreKnownForTheWorksThatAPeerOfOursIsHeldTo() {
        Work block = new Work(Work.Model.S4, Work.Kind.BLOCK, Work.Pass.FWD_BWD, 50, 128, 784, 64, 1);
        assertEquals(670.0, KnownFigures.of("official", block));
        assertEquals(KnownFigures.of("official", block), KnownFigures.of("torch", block));
        assertNull(KnownFigures.of("jax", block));
        assertNull(KnownFigures.of("official", WORK));
    }

    @Test
    void realPeersAreReadyOrSayWhyNot() throws IOException {
        fakeOfficial();
        try (Contenders contenders = Contenders.unpack()) {
            for (Contender peer : contenders.peers("python3", tmp)) {
                try (peer) {
                    peer.start();
                    String absent = peer.absent();
                    assertTrue(
                            absent == null ? peer.description().contains("threads") : !absent.contains("check failed"),
                            peer.name() + ": " + absent);
                }
            }
        }
    }

    @Test
    void medianIsTheMiddle() {
        assertEquals(2.5, Timing.middle(4, 1, 2, 3));
        assertEquals(2, Timing.middle(9, 1, 2));
        assertTrue(Double.isNaN(Timing.middle()));
        assertEquals("2.00 ms (1.00 … 9.00)", new Timing(List.of(9.0, 1.0, 2.0), null).toString());
    }
}
