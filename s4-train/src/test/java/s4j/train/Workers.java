package s4j.train;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import s4j.torch.Learner;
import s4j.torch.distributed.Group;
import s4j.torch.distributed.PeerException;
import s4j.torch.distributed.World;
import s4j.torch.distributed.WorldException;
import s4j.train.fake.StoppingLearner;
import s4j.train.fake.TinyRun;

/** A process that is one of several workers; its first argument says what they do, its second where they write. */
final class Workers {
    /** Steps that are compared. */
    static final List<String> TWENTY = List.of("trainer.max_epochs=2", "trainer.limit_train_batches=10",
            "trainer.log_every_n_steps=1", "loader.batch_size_eval=16", "model.dropout=0",
            "trainer.gradient_clip_val=0.5");
    static final List<String> DROPOUT = List.of("trainer.max_epochs=2", "model.dropout=0.2", "loader.batch_size=5",
            "trainer.log_every_n_steps=3");
    static final int CUT = 23;

    private Workers() {}

    public static void main(String[] args) throws IOException {
        Path at = Path.of(args[1]);
        try (Group group = Group.join(World.of(System.getenv()), "test")) {
            switch (args[0]) {
                case "train" -> {
                    tasks(group, at);
                    resume(group, at);
                    disagree(group, at);
                }
                case "die" -> die(group, at, () -> Runtime.getRuntime().halt(9));
                case "stall" -> die(group, at, Workers::sleep);
                default -> throw new IllegalArgumentException(args[0]);
            }
        }
        System.exit(0);
    }

    /** Every task, on as many sequences a step as one process has with twice the batch size. */
    private static void tasks(Group group, Path at) throws IOException {
        for (ParallelCases.Case c : ParallelCases.all(at)) {
            go(group, c.run(at.resolve("two").resolve(c.name()), keys(TWENTY, "loader.batch_size=5")), false);
        }
    }

    static String[] keys(List<String> keys, String... more) {
        List<String> all = new ArrayList<>(keys);
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    /** Whole; then stopped by a signal at rank 1 alone, and continued. */
    private static void resume(Group group, Path at) throws IOException {
        for (ParallelCases.Case c : ParallelCases.resumed(at)) {
            go(group, c.run(at.resolve("whole").resolve(c.name()), keys(DROPOUT)), false);
            TinyRun cut = c.run(at.resolve("cut").resolve(c.name()), keys(DROPOUT));
            TinyRun stopped = group.rank() == 1
                    ? cut.with((n, o) -> new StoppingLearner(Learner.create(n, o, group), CUT, cut.stop()::request))
                    : cut.with((n, o) -> Learner.create(n, o, group));
            if (!(go(group, stopped, true) instanceof Outcome.Stopped)) {
                throw new IllegalStateException("rank " + group.rank() + " was not stopped");
            }
            go(group, cut.resumed(), false);
        }
    }

    private static void disagree(Group group, Path at) throws IOException {
        List<String[]> words = List.of(
                group.rank() == 0 ? new String[]{"optimizer.lr=0.02"} : new String[]{"optimizer.lr=0.03"},
                group.rank() == 0 ? new String[]{"model.d_model=4"} : new String[]{"model.d_model=8"});
        StringBuilder said = new StringBuilder();
        for (String[] own : words) {
            said.append(refusal(group, TinyRun.in(at.resolve("run"), own))).append('\n');
        }
        said.append(refusal(group, TinyRun.in(at.resolve("run")).with(new ParallelCases.OtherData(group.rank()))));
        Files.writeString(at.resolve("rank" + group.rank()), said);
    }

    private static String refusal(Group group, TinyRun run) throws IOException {
        try {
            go(group, run, false);
            return "it ran";
        } catch (WorldException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void die(Group group, Path at, Runnable end) throws IOException {
        TinyRun run = TinyRun.in(at.resolve("run"));
        try {
            go(group, run.with((n, o) -> {
                Learner own = Learner.create(n, o, group);
                return group.rank() == 1 ? new StoppingLearner(own, 5, end) : own;
            }), true);
        } catch (PeerException e) {
            Files.writeString(at.resolve("rank0"), String.valueOf(e.getMessage()));
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(600_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Outcome go(Group group, TinyRun run, boolean ownLearners) throws IOException {
        Trainer.Job job = new Trainer.Job(run.config(), run.data(),
                ownLearners ? run.learners() : (n, o) -> Learner.create(n, o, group), run.directory(), run.from(),
                false,
                "test", group);
        return new Trainer(job, new PrintWriter(new StringWriter()), false, run.stop()).run();
    }

    /** The environment of a worker on this machine. */
    static Map<String, String> environment(int rank, int size, int port, int seconds) {
        return Map.of("RANK", "" + rank, "WORLD_SIZE", "" + size, "LOCAL_RANK", "" + rank, "LOCAL_WORLD_SIZE",
                "" + size,
                "MASTER_ADDR", "127.0.0.1", "MASTER_PORT", "" + port, "S4_PEER_TIMEOUT", "" + seconds,
                "TORCH_CPP_LOG_LEVEL", "ERROR");
    }
}
