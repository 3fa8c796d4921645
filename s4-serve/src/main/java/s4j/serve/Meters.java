package s4j.serve;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/** What the server counts, for Prometheus. */
final class Meters {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    Meters(Supplier<Number> streams) {
        io.micrometer.core.instrument.Gauge.builder("s4j.streams.open", streams).description("Streams in memory")
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
        Counter.builder("s4j.steps").description("Steps of streams").tag("model", model).register(registry)
                .increment((double) n);
    }

    /** The text that Prometheus reads. */
    String scrape() { return registry.scrape(); }
}
