package s4j.audio;

/** How sound gets another sampling rate. */
public enum Resampling {
    /** By {@link Resampler}: what the new rate cannot carry is filtered out first. */
    BANDLIMITED,
    /** Every k-th sample, as the official code does for its test at half the rate: higher tones fold down. */
    DECIMATE
}
