package s4j.audio;

import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * What a network sees of sound: its samples, or spectra of short frames. A value of configurations ({@code dataset.features}) and
 * of model files; {@link FrontEnd} computes it.
 *
 * <p>The defaults of {@link Mfcc} are those of the official Speech Commands pipeline, which are torchaudio's {@code MFCC(n_mfcc=20,
 * log_mels=True, melkwargs=dict(n_fft=200, n_mels=64))}.
 */
public sealed interface SoundFeatures {
    /** The kind's word. */
    String name();

    /**
     * The samples themselves.
     *
     * @param name {@code raw}
     */
    record Raw(@Key("_name_") @Default("raw") String name) implements SoundFeatures {
        public static final Raw DEFAULTS = Defaults.of(Raw.class);
    }

    /**
     * ln(power in mel bands + log_offset).
     *
     * @param name {@code log-mel}
     * @param nFft samples of a frame
     * @param winLength samples of the Hann window in its middle; null: n_fft
     * @param hopLength samples from one frame to the next
     * @param nMels bands
     * @param fMin lowest frequency, Hz
     * @param fMax highest, Hz; null: half the sampling rate
     * @param logOffset what is added before the logarithm
     */
    record LogMel(@Key("_name_") @Default("log-mel") String name, @Default("400") @Range(min = 2, max = 2048) int nFft,
            @Range(min = 1, max = 2048) @Nullable Integer winLength,
            @Default("160") @Range(min = 1, max = 1 << 20) int hopLength,
            @Default("40") @Range(min = 1, max = 1024) int nMels, @Default("0") @Range(min = 0) double fMin,
            @Nullable Double fMax, @Default("1e-6") @Range(min = 1e-30) double logOffset) implements SoundFeatures {
        public static final LogMel DEFAULTS = Defaults.of(LogMel.class);

        /** Checks the sizes. */
        public LogMel {
            requireFrames(nFft, winLength);
        }
    }

    /**
     * Mel-frequency cepstral coefficients: the orthonormal DCT-II of ln(power in mel bands + log_offset).
     *
     * @param name {@code mfcc}
     * @param nMfcc coefficients, at most n_mels
     * @param nFft samples of a frame
     * @param winLength samples of the Hann window in its middle; null: n_fft
     * @param hopLength samples from one frame to the next
     * @param nMels bands
     * @param fMin lowest frequency, Hz
     * @param fMax highest, Hz; null: half the sampling rate
     * @param logOffset what is added before the logarithm
     */
    record Mfcc(@Key("_name_") @Default("mfcc") String name, @Default("20") @Range(min = 1, max = 1024) int nMfcc,
            @Default("200") @Range(min = 2, max = 2048) int nFft,
            @Range(min = 1, max = 2048) @Nullable Integer winLength,
            @Default("100") @Range(min = 1, max = 1 << 20) int hopLength,
            @Default("64") @Range(min = 1, max = 1024) int nMels, @Default("0") @Range(min = 0) double fMin,
            @Nullable Double fMax, @Default("1e-6") @Range(min = 1e-30) double logOffset) implements SoundFeatures {
        public static final Mfcc DEFAULTS = Defaults.of(Mfcc.class);

        /** Checks the sizes. */
        public Mfcc {
            requireFrames(nFft, winLength);
            if (nMfcc > nMels) {
                throw new IllegalArgumentException("n_mfcc: got " + nMfcc + "; expected at most n_mels " + nMels);
            }
        }

        /** The bands that the coefficients are made of. */
        LogMel bands() {
            return new LogMel(LogMel.DEFAULTS.name(), nFft, winLength, hopLength, nMels, fMin, fMax, logOffset);
        }
    }

    private static void requireFrames(int nFft, @Nullable Integer winLength) {
        if (nFft % 2 != 0) {
            throw new IllegalArgumentException("n_fft: got " + nFft + "; expected an even number");
        }
        if (winLength != null && winLength > nFft) {
            throw new IllegalArgumentException("win_length: got " + winLength + "; expected at most n_fft " + nFft);
        }
    }
}
