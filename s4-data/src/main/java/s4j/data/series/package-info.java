/**
 * Labelled time series as people have them: {@link s4j.data.series.SeriesFiles} finds the files, {@link
 * s4j.data.series.SeriesReader} reads any of the formats (.ts and .arff of the UCR/UEA archive, separated values with one row a
 * series or in long form, NumPy's .npz, a query over JDBC) into one value, a {@link s4j.data.series.SeriesTable}.
 *
 * <p>What is then done to series before a network sees them stands in {@link s4j.data.series.Missing}, {@link
 * s4j.data.series.Scaling} and {@link s4j.data.series.ClassNames}, each with its way back.
 */
@NullMarked
package s4j.data.series;

import org.jspecify.annotations.NullMarked;
