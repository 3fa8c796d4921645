package s4j.data.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;

/**
 * The linear model in closed form on the real ETT data gives the published univariate NLinear rows (look-back 336), on all test
 * windows: splits, scale and metric are those of the papers, with no noise of training. Needs the data: S4_FORECAST_DATA, or
 * {@code ../shared/data} beside the checkout; {@code .ci/run} says loudly when it is not there.
 */
@EnabledIf("there")
final class PublishedTableTest {
    private static final double TOLERANCE = 0.001 + 1e-9;
    private static final int[] HORIZONS = {96, 192, 336, 720};
    private static final Map<String, double[]> MSE = Map.of("ETTh1", new double[]{.053, .069, .081, .080}, "ETTh2",
            new double[]{.129, .169, .194, .225}, "ETTm1", new double[]{.026, .039, .052, .073}, "ETTm2",
            new double[]{.063, .090, .117, .170});

    static Path data() {
        String given = System.getenv("S4_FORECAST_DATA");
        return given != null ? Path.of(given) : Path.of("../../shared/data");
    }

    static boolean there() { return Files.isRegularFile(data().resolve("ett/ETTh1.csv.gz")); }

    private static ForecastDataset load(String name, int horizon) throws IOException {
        Map<String, Object> keys = Map.of("set", name.startsWith("ETTh") ? "etth" : "ettm", "variant",
                name.endsWith("1") ? 0 : 1, "size", List.of(336, 0, horizon), "data_dir", data().toString());
        return (ForecastDataset) Binder.bind(ConfigTree.of(new java.util.LinkedHashMap<>(keys), new Origin("test")),
                InformerConfig.DEFAULTS).load(line -> {});
    }

    @ParameterizedTest
    @ValueSource(strings = {"ETTh1", "ETTh2", "ETTm1", "ETTm2"})
    void closedFormEqualsTheRowOfNLinear(String name) throws IOException {
        for (int i = 0; i < HORIZONS.length; i++) {
            ForecastDataset data = load(name, HORIZONS[i]);
            int rows = name.startsWith("ETTh") ? 2880 : 11_520;
            assertEquals(rows - HORIZONS[i] + 1, data.test().size(), "no test window is left out");
            LinearForecast linear = LinearForecast.fit(data.trainWindows(), data.validationWindows(), 336);
            assertNotNull(linear);
            ForecastErrors e = ForecastErrors.of(linear, data.testWindows(), Integer.MAX_VALUE);
            double[] row = MSE.getOrDefault(name, new double[0]);
            assertEquals(row[i], Math.rint(1000 * e.mse()) / 1000, TOLERANCE, // rounded as the row is

                    "%s %d: λ %s".formatted(name, HORIZONS[i], linear.lambda()));
        }
    }
}
