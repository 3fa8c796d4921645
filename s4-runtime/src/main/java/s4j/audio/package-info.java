/**
 * Sound as numbers: {@link s4j.audio.WavFile} reads and writes it, {@link s4j.audio.Resampler} changes its rate, {@link
 * s4j.audio.Quantization} turns samples into the tokens that networks read and say, and back.
 */
@NullMarked
package s4j.audio;

import org.jspecify.annotations.NullMarked;
