package s4j.train.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import s4j.data.forecast.ForecastErrors;
import s4j.model.Targets;

/** Errors of forecasts, computed by hand. */
final class ForecastSumsTest {
    /** Two windows of two steps, each with its own scale. */
    private static Targets.Values windows() {
        Targets.Frame frame = Targets.Frame.of(2, 2, 1);
        frame.unit(0, 100, 10);
        frame.unit(1, 0, 3);
        for (int t = 0; t < 2; t++) {
            frame.set(t, 1, 2);
            frame.set(2 + t, 0, 1);
        }
        return new Targets.Values(2, 1, new float[]{0, 1, 5, 7}, new float[]{1, 1, 1, 0}, frame);
    }

    @Test
    void errorsAreOfStandardisedValuesAndOfTheDatasUnit() {
        ForecastSums sums = new ForecastSums();
        sums.add(windows(), new float[]{1, 1, 2, 99});
        ForecastErrors e = sums.errors();
        assertEquals(3, e.count(), "a missing value does not count");
        assertEquals((2 * 2 + 0 + 3 * 3) / 3.0, e.mse(), 1e-9);
        assertEquals((2 + 0 + 3) / 3.0, e.mae(), 1e-9);
        assertEquals((20 * 20 + 9 * 9) / 3.0, e.unitMse(), 1e-9);
        assertEquals((20 + 9) / 3.0, e.unitMae(), 1e-9);
    }

    @Test
    void batchSizeChangesNothing() {
        float[] forecast = {1, 1, 2, 99};
        ForecastSums together = new ForecastSums();
        together.add(windows(), forecast);
        ForecastSums apart = new ForecastSums();
        for (int i = 0; i < 2; i++) {
            Targets.Frame all = java.util.Objects.requireNonNull(windows().frame());
            Targets.Frame one = Targets.Frame.of(1, 2, 1);
            one.unit(0, all.mean()[i], all.std()[i]);
            one.set(0, all.location()[2 * i], all.scale()[2 * i]);
            one.set(1, all.location()[2 * i + 1], all.scale()[2 * i + 1]);
            apart.add(new Targets.Values(2, 1, Arrays.copyOfRange(windows().values(), 2 * i, 2 * i + 2),
                    Arrays.copyOfRange(java.util.Objects.requireNonNull(windows().mask()), 2 * i, 2 * i + 2), one),
                    Arrays
                            .copyOfRange(forecast, 2 * i, 2 * i + 2));
        }
        assertEquals(together.errors(), apart.errors());
    }
}
