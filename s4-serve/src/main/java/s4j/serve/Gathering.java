package s4j.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Computes what many requests ask for together: one thread takes what waits, up to a number and after the first has waited a
 * moment at most, and answers each. Requests wait in virtual threads.
 *
 * @param <I> what one request asks
 * @param <O> what it is answered
 */
final class Gathering<I, O> implements AutoCloseable {
    private final BlockingQueue<Asked<I, O>> queue;
    private final Function<List<I>, List<O>> work;
    private final ServerConfig.Limits limits;
    private final Thread thread;
    private volatile boolean closed;

    /** {@code taken}: by the thread that computes, or by the one that waits no longer; whoever is first. */
    private record Asked<I, O>(I item, CompletableFuture<O> answer, AtomicBoolean taken) {
        boolean take() { return taken.compareAndSet(false, true); }
    }

    /** Of work that answers a list in its order. */
    Gathering(String name, ServerConfig.Limits limits, Function<List<I>, List<O>> work) {
        this.queue = new ArrayBlockingQueue<>(limits.waiting());
        this.work = work;
        this.limits = limits;
        this.thread = Thread.ofPlatform().daemon().name("s4j-" + name).start(this::run);
    }

    /** Waits for the answer. */
    O ask(I item) { return ask(item, () -> {}); }

    /**
     * Waits for the answer.
     *
     * @param abandoned told when nobody waits any more for what is already being computed, or may be
     */
    O ask(I item, Runnable abandoned) {
        return await(offer(item), System.nanoTime() + limits.time().toNanos(), abandoned);
    }

    /** Waits for the answers to several, which are computed together. */
    List<O> askAll(List<I> items) {
        long end = System.nanoTime() + limits.time().toNanos();
        List<O> out = new ArrayList<>();
        for (int at = 0; at < items.size(); at += limits.batch()) {
            List<Asked<I, O>> asked = new ArrayList<>();
            try {
                for (I item : items.subList(at, Math.min(items.size(), at + limits.batch()))) {
                    asked.add(offer(item));
                }
                for (Asked<I, O> a : asked) {
                    out.add(await(a, end, () -> {}));
                }
            } finally {
                asked.forEach(Asked::take); // after a failure nobody waits for the others
            }
        }
        return out;
    }

    private Asked<I, O> offer(I item) {
        Asked<I, O> asked = new Asked<>(item, new CompletableFuture<>(), new AtomicBoolean());
        if (closed) {
            throw Problem.unavailable("the server is ending");
        }
        if (!queue.offer(asked)) {
            throw Problem.tooMany("%,d requests wait already; expected fewer at a time. Try again in a moment"
                    .formatted(limits.waiting()));
        }
        return asked;
    }

    private O await(Asked<I, O> asked, long end, Runnable abandoned) {
        try {
            return asked.answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw Problem.tooSlow("not answered within " + limits.time().toMillis() + " ms" + left(asked, abandoned));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.unavailable("interrupted" + left(asked, abandoned));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e.getCause());
        }
    }

    /** Leaves before the answer: what had not begun never will. */
    private static String left(Asked<?, ?> asked, Runnable abandoned) {
        if (asked.take()) {
            return "; it had not begun";
        }
        abandoned.run();
        return "";
    }

    private void run() {
        List<Asked<I, O>> batch = new ArrayList<>();
        while (!closed || !queue.isEmpty()) {
            try {
                gather(batch);
                if (!batch.isEmpty()) {
                    answer(batch);
                }
            } catch (InterruptedException e) {
                // told to end: what waits is still answered
            }
            batch.clear();
        }
    }

    private void gather(List<Asked<I, O>> batch) throws InterruptedException {
        Asked<I, O> first = queue.poll(1, TimeUnit.SECONDS);
        if (first == null) {
            return;
        }
        batch.add(first);
        queue.drainTo(batch, limits.batch() - 1);
        long end = System.nanoTime() + limits.gather().toNanos();
        while (batch.size() < limits.batch()) {
            Asked<I, O> next = queue.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (next == null) {
                return;
            }
            batch.add(next);
        }
    }

    private void answer(List<Asked<I, O>> batch) {
        batch.removeIf(a -> !a.take()); // nobody waits for them any more
        if (batch.isEmpty()) {
            return;
        }
        try {
            List<O> answers = work.apply(batch.stream().map(Asked::item).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer.complete(answers.get(i));
            }
        } catch (RuntimeException | OutOfMemoryError together) {
            // one of them may be at fault: each by itself
            for (Asked<I, O> a : batch) {
                try {
                    a.answer.complete(work.apply(List.of(a.item)).getFirst());
                } catch (RuntimeException | OutOfMemoryError own) {
                    a.answer.completeExceptionally(own);
                }
            }
        }
    }

    /** Ends those of what is no longer needed; what waits for them is still answered. */
    static <K> void forget(Map<K, ? extends Gathering<?, ?>> all, Predicate<K> needed) {
        all.entrySet().removeIf(e -> {
            boolean ends = !needed.test(e.getKey());
            if (ends) {
                e.getValue().close();
            }
            return ends;
        });
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(limits.time());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
