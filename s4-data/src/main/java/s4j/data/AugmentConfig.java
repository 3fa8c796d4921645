package s4j.data;

import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Range;

/**
 * What is done to each training recording anew in every epoch ({@code dataset.augment}); nothing by default. Derives from the
 * run's seed, the epoch and the recording alone, so that runs repeat and resume.
 *
 * @param speed at most so much faster or slower, 0.1: 0.9 to 1.1 times
 * @param shift at most so many seconds earlier or later
 * @param gainDb at most so much louder or quieter, dB
 * @param noise probability of background noise
 * @param snrMin least ratio of recording to noise, dB
 * @param snrMax greatest
 * @param lowpass probability that what lies above a band is filtered out, as a cheap microphone or a lower sampling rate would
 * @param lowpassMin narrowest band, Hz; wider ones up to half the rate are as likely
 * @param timeMasks stretches of time that are blanked (SpecAugment), of mfcc and log-mel
 * @param timeMask longest of them, frames
 * @param freqMasks bands of neighbouring features that are blanked
 * @param freqMask widest of them, features
 */
public record AugmentConfig(@Default("0") @Range(min = 0, max = 0.5) double speed,
        @Default("0") @Range(min = 0, max = 10) double shift, @Default("0") @Range(min = 0, max = 60) double gainDb,
        @Default("0") @Range(min = 0, max = 1) double noise, @Default("5") @Range(min = -40, max = 80) double snrMin,
        @Default("25") @Range(min = -40, max = 80) double snrMax,
        @Default("0") @Range(min = 0, max = 1) double lowpass,
        @Default("3000") @Range(min = 500, max = 96_000) int lowpassMin,
        @Default("0") @Range(min = 0, max = 100) int timeMasks,
        @Default("20") @Range(min = 1, max = 1 << 20) int timeMask,
        @Default("0") @Range(min = 0, max = 100) int freqMasks,
        @Default("4") @Range(min = 1, max = 1024) int freqMask) {
    public static final AugmentConfig DEFAULTS = Defaults.of(AugmentConfig.class);

    /** Checks the order. */
    public AugmentConfig {
        if (snrMin > snrMax) {
            throw new IllegalArgumentException("snr_min: got " + snrMin + "; expected at most snr_max " + snrMax);
        }
    }

    /** Whether nothing is done. */
    boolean nothing() {
        return speed == 0 && shift == 0 && gainDb == 0 && noise == 0 && lowpass == 0 && timeMasks == 0
                && freqMasks == 0;
    }
}
