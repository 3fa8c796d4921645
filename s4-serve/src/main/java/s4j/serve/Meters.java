package s4j.serve;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What the server counts, for Prometheus. */
final class Meters {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, Counter> steps = new ConcurrentHashMap<>();

    Meters(Supplier<Number> streams, Supplier<Number> lines) {
        io.micrometer.core.instrument.Gauge.builder("s4j.streams.open", streams).description("Streams in memory")
                .register(registry);
        io.micrometer.core.instrument.Gauge.builder("s4j.connections.open", lines).description("Connections")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
    }

    /** A request of a route was answered. */
    void answered(String route, int status, long nanos) {
        Timer.builder("s4j.request").description("Requests by route and status").tag("route", route)
                .tag("status", String.valueOf(status)).publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(50_000)).maximumExpectedValue(Duration.ofSeconds(30))
                .register(registry).record(Duration.ofNanos(nanos));
    }

    /** Steps of streams were taken. */
    void steps(String model, long n) {
        steps.computeIfAbsent(model, m -> Counter.builder("s4j.steps").description("Steps of streams").tag("model", m)
                .register(registry)).increment((double) n);
    }

    /** The text that Prometheus reads. */
    String scrape() { return registry.scrape(); }
}
