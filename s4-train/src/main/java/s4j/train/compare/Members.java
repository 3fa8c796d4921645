package s4j.train.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import s4j.data.Dataset;
import s4j.train.LearnerFactory;
import s4j.train.Outcome;
import s4j.train.ResolvedConfig;
import s4j.train.StopRequest;
import s4j.train.Trainer;
import s4j.train.task.Metric;

/**
 * Trains runs that belong together, one after the other: what is finished is read, what was in progress is resumed, what fails is
 * noted and the others go on.
 *
 * @param learners makes networks
 * @param version of s4j
 * @param out for progress
 * @param stop asked between and within runs
 */
record Members(LearnerFactory learners, String version, PrintWriter out, StopRequest stop) {
    /**
     * The result of a run, trained if need be.
     *
     * @throws Stopped when it is to end
     */
    Result result(Member member, Dataset data, Metric monitor) throws IOException {
        if (stop.requested()) {
            throw new Stopped();
        }
        if (Result.finished(member)) {
            return Result.read(member, monitor);
        }
        say("— " + member.title());
        Path last = member.run().last();
        try {
            Trainer.Job run = new Trainer.Job(ResolvedConfig.of(member.config()), data, learners, member.run(),
                    Files.exists(last) ? last : null, false, version);
            if (new Trainer(run, out, false, stop).run() instanceof Outcome.Stopped) {
                throw new Stopped();
            }
            return Result.read(member, monitor);
        } catch (Stopped e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            say(member.title() + ": " + reason(e));
            return Result.failed(member, reason(e));
        }
    }

    /** Why, for people. */
    static String reason(Throwable e) {
        String message = String.valueOf(e.getMessage());
        return e instanceof OutOfMemoryError || message.contains("can't allocate memory")
                || message.contains("bad_alloc") ? "out of memory: " + message : message;
    }

    void say(String line) {
        out.println(line);
        out.flush();
    }
}
