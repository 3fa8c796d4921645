package s4j.data;

import java.util.LinkedHashMap;
import java.util.Map;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.forecast.ForecastConfig;

/** Configurations of a few keys. */
final class Small {
    static SeriesConfig series(String path) { return series(Map.of("path", path)); }

    static SeriesConfig series(Map<String, Object> keys) {
        return Binder.bind(ConfigTree.of(new LinkedHashMap<>(keys), new Origin("test")), SeriesConfig.DEFAULTS);
    }

    static ForecastConfig forecast(Map<String, Object> keys) {
        return Binder.bind(ConfigTree.of(new LinkedHashMap<>(keys), new Origin("test")), ForecastConfig.DEFAULTS);
    }

    /** Keys over defaults. */
    static <T extends Record> T bound(Map<String, Object> keys, T defaults) {
        return Binder.bind(ConfigTree.of(new LinkedHashMap<>(keys), new Origin("test")), defaults);
    }

    private Small() {}
}
