package s4j.model;

import java.util.Map;

/**
 * The task that a model's weights were learned by, as its file says: which of the library's doors opens it.
 *
 * @param name its {@code task._name_}; empty where the file names none (a network alone, an imported one)
 */
public record LearnedTask(String name) {
    /** The steps that follow a table's series: a model that needs its table's columns and times. */
    public static final String FORECASTING = "forecasting";

    /** Of a model file's configuration; what is no task's record there names none. */
    public static LearnedTask of(Map<String, ?> config) {
        return new LearnedTask(
                config.get("task") instanceof Map<?, ?> task && task.get("_name_") instanceof String name ? name : "");
    }

    /** Whether it is used with a table of time series, not with series by themselves. */
    public boolean forecasts() {
        return name.equals(FORECASTING);
    }
}
