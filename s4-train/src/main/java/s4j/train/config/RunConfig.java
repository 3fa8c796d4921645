package s4j.train.config;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.config.Default;
import s4j.config.Defaults;

/**
 * Where the run is kept ({@code run.*}).
 *
 * @param dir the run's directory; null: a new one under {@code runs/}
 * @param tensorboard whether metrics are written for TensorBoard as well
 * @param mlflow address of an MLflow tracking server that metrics are sent to as well; null: none
 * @param mlflowExperiment its experiment, made where it is missing
 */
public record RunConfig(@Nullable String dir, @Default("false") boolean tensorboard, @Nullable String mlflow,
        @Default("s4j") String mlflowExperiment) {
    public static final RunConfig DEFAULTS = Defaults.of(RunConfig.class);

    /** Checks the address. */
    public RunConfig {
        if (mlflow != null && !address(mlflow)) {
            throw new ConfigException(
                    "mlflow: got %s; expected the address of a tracking server, e.g. http://localhost:5000"
                            .formatted(mlflow));
        }
        if (mlflowExperiment.isBlank()) {
            throw new ConfigException("mlflow_experiment: got nothing; expected a name");
        }
    }

    private static boolean address(String text) {
        try {
            URI uri = new URI(text);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getQuery() == null && uri.getFragment() == null && uri.getUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
