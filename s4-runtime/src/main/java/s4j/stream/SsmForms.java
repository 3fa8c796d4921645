package s4j.stream;

import java.util.Arrays;
import java.util.List;
import s4j.math.Complex;
import s4j.ssm.Recurrence;

/** The two forms of a layer's systems, and the float64 recurrence that both are held against. */
sealed interface SsmForms permits DiagonalForms, LowRankForms {
    /** K {@code [c, h, l]} at the model's rate, from float64. */
    float[] kernel(int length);

    /** The recurrence with skips {@code [c, stride]}. */
    Steps steps(float[] skip, int stride);

    /** The recurrence of one stream in float64. */
    Steps reference(float[] skip, int stride);

    /** The plain recurrence of feature f in float64, without the skip. */
    Recurrence recurrence(int f);

    /** The modes of feature f, one of each conjugate pair; none where float64 cannot tell them apart. */
    List<Mode> modes(int f);

    /** Λ of feature f: the diagonal of A, to which S4 adds a low-rank term. */
    List<Complex> diagonal(int f);

    /** The step of feature f, the geometric mean where each state has one. */
    double dt(int f);

    /** The geometric mean. */
    static double mean(double[] dt) {
        return Math.exp(Arrays.stream(dt).map(Math::log).average().orElseThrow());
    }
}
