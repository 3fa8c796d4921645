package s4j.audio;

import s4j.config.Key;

/**
 * From samples in [−1, 1] to levels 0 … 2^bits − 1 and back.
 *
 * <p>Encoding maps to [0, 1], by (x + 1) / 2 or by the μ-law (f(x) + 1) / 2 with f(x) = sign(x) ln(1 + μ|x|) / ln(1 + μ),
 * μ = 2^bits − 1, then to the integer part of v (2^bits − 0.01) + 0.005. Decoding takes level q as y = q / 2^(bits−1) − 1, for
 * the μ-law through sign(y) ((1 + μ)^|y| − 1) / μ. Level 2^(bits−1) decodes to exactly 0; the largest value decoded is below
 * 1. Both as in the official data code.
 */
public enum Quantization {
    /** Levels at equal distances. */
    @Key("linear")
    LINEAR,
    /** Levels closer together the quieter it is (ITU-T G.711's curve, not its code words). */
    @Key("mu-law")
    MU_LAW;

    private static final double EDGE = 0.01;

    /** The level of a sample; what is beyond ±1 counts as ±1, NaN as 0. */
    public int encode(float sample, int bits) {
        double x = Float.isNaN(sample) ? 0 : Math.clamp((double) sample, -1.0, 1.0);
        double mu = levels(bits) - 1;
        double curved = this == LINEAR ? x : Math.signum(x) * Math.log1p(mu * Math.abs(x + 1e-8)) / Math.log1p(mu);
        double v = (curved + 1) / 2 * (levels(bits) - EDGE) + EDGE / 2;
        return Math.clamp((int) v, 0, levels(bits) - 1);
    }

    /** The sample of a level. */
    public float decode(int level, int bits) {
        if (level < 0 || level >= levels(bits)) {
            throw new IllegalArgumentException("level " + level + "; expected 0 to " + (levels(bits) - 1));
        }
        double y = level / (levels(bits) / 2.0) - 1;
        double mu = levels(bits) - 1;
        return (float) (this == LINEAR ? y : Math.signum(y) * (Math.pow(1 + mu, Math.abs(y)) - 1) / mu);
    }

    /** The samples of all levels: a table for decoding. */
    public float[] table(int bits) {
        float[] samples = new float[levels(bits)];
        for (int q = 0; q < samples.length; q++) {
            samples[q] = decode(q, bits);
        }
        return samples;
    }

    /** How many levels there are. */
    public static int levels(int bits) {
        if (bits < 1 || bits > 16) {
            throw new IllegalArgumentException("bits " + bits + "; expected 1 to 16");
        }
        return 1 << bits;
    }

    /** The level of silence, which stands before the first sample of every sequence. */
    public static int zero(int bits) {
        return levels(bits) / 2;
    }
}
