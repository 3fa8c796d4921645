package s4j.data.forecast;

/** A model of one column that needs no network, in standardised values. */
public interface Forecaster {
    /** For people. */
    String name();

    /** Steps {@code cut}, {@code cut + 1}, … from what is before them. */
    double[] forecast(SeriesInput input, int column, int cut);
}
