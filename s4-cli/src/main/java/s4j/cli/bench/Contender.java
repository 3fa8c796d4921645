package s4j.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One who takes part: a child process that is started when it is first needed and again after it ended.
 */
public final class Contender implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);

    /** What starts the process. */
    @FunctionalInterface
    public interface Command {
        /** A process that times works, or measures the memory of one. */
        ProcessBuilder of(boolean memory);
    }

    private final String name;
    private final Command command;
    private final Duration limit;
    private final Predicate<Work> part;
    private @Nullable Child child;
    private String description = "";
    private @Nullable String absent;

    /**
     * A contender that has not started yet.
     *
     * @param name for tables and JSON
     * @param command what starts it
     * @param limit of its own time for one work
     * @param part the works that it takes part in
     */
    public Contender(String name, Command command, Duration limit, Predicate<Work> part) {
        this.name = name;
        this.command = command;
        this.limit = limit;
        this.part = part;
    }

    /** For tables and JSON. */
    public String name() { return name; }

    /** Its own time for one work. */
    Duration limit() { return limit; }

    /** Whether it has a program for this work. */
    boolean takesPart(Work work) { return part.test(work); }

    /** Versions and threads, once it has started. */
    public String description() { return description; }

    /** Why it cannot take part; null: it can. */
    public @Nullable String absent() { return absent; }

    /** Starts it, so that {@link #description} and {@link #absent} are known. */
    public void start() {
        try {
            child();
        } catch (StoppedException e) {
            if (absent == null) {
                absent = e.reason();
            }
        }
    }

    private Child child() throws StoppedException {
        if (absent != null) {
            throw new StoppedException(absent);
        }
        if (child == null || !child.alive()) {
            close();
            child = launch(false);
        }
        return child;
    }

    private Child launch(boolean memory) throws StoppedException {
        Child started;
        try {
            started = Child.start(command.of(memory));
        } catch (IOException e) {
            absent = "cannot be started: " + e.getMessage();
            throw new StoppedException(absent);
        }
        try {
            String greeting = started.greeting(START);
            if (greeting.startsWith("ready ")) {
                description = greeting.substring("ready ".length());
                return started;
            }
            absent = greeting.startsWith("absent ") ? greeting.substring("absent ".length()) : "said " + greeting;
        } catch (StoppedException e) {
            started.close();
            throw e;
        }
        started.close();
        throw new StoppedException(absent);
    }

    /** Makes the inputs and runs the work once: milliseconds of that run. */
    double prepare(Work work, Duration remaining) throws StoppedException {
        return numbers(child().ask("prepare " + work.words(), "ms", remaining))[0];
    }

    /** Milliseconds of each repetition. */
    double[] time(int repetitions, Duration remaining) throws StoppedException {
        return numbers(child().ask("time " + repetitions, "ms", remaining));
    }

    /** Processor time of its process so far; NaN: unknown. */
    double cpuMillis() {
        return child == null ? Double.NaN : child.cpuMillis();
    }

    /** Peak resident memory over the baseline, in 10^6 bytes, of a process of its own. */
    double memory(Work work) throws StoppedException {
        if (absent != null) {
            throw new StoppedException(absent);
        }
        try (Child fresh = launch(true)) {
            return numbers(fresh.ask("memory " + work.words(), "mb", limit))[0];
        }
    }

    private static double[] numbers(String answer) throws StoppedException {
        try {
            return Arrays.stream(answer.strip().split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
        } catch (NumberFormatException e) {
            throw new StoppedException("answered " + answer + "; expected numbers");
        }
    }

    /** Ends the process, so that it holds no memory; it starts again when needed. */
    @Override
    public void close() {
        if (child != null) {
            child.close();
            child = null;
        }
    }
}
