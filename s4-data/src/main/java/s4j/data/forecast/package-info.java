/**
 * Time tables for forecasting: stamps as people write them, the frequency between them, series on an even axis, and windows drawn
 * from them as they are needed.
 *
 * <p>{@link s4j.data.forecast.TimeReader} reads a table into {@link s4j.data.forecast.TimeSeries}, each with an {@link
 * s4j.data.forecast.Axis}: a start, a {@link s4j.data.forecast.Frequency}, and the {@link s4j.data.forecast.Spelling} that further
 * stamps are printed in.
 */
@NullMarked
package s4j.data.forecast;

import org.jspecify.annotations.NullMarked;
