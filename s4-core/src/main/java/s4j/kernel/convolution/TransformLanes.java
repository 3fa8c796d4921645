package s4j.kernel.convolution;

import s4j.kernel.Backend;

/**
 * The steps of {@link RightAngleTransform} with features on the lanes. Complex blocks are {@code [point, (re, im), lane]},
 * real ones {@code [step, lane]}; indices count floats. Where a method takes none, blocks begin at {@link s4j.kernel.Lanes#FIRST}.
 *
 * <p>split4, one block: from a_0 … a_3, four parts of m points, to A_k = Σ_q a_q (ζ i^k)^q, with the table holding ζ, ζ², ζ³
 * as (re, im). join4 is its inverse times 4. split2 and join2 are the same for two parts.
 */
interface TransformLanes {
    /** The lanes of this backend. */
    static TransformLanes of(Backend backend) {
        return backend.required() == Backend.SIMD ? new SimdTransformLanes() : new ScalarTransformLanes();
    }

    /** Features side by side. */
    int lanes();

    /** z_j = Σ_{q < r} e_q u_{q m + j}, one part of r, for j from … to − 1; e has 7 numbers, the first is 1, those from r on are 0. */
    void root(float[] u, int m, int r, float[] e, int eAt, float[] z, int at, int from, int to);

    /** y_j = Σ_{k < r} (Re e_k Re z_{k m + j} + Im e_k Im z_{k m + j}), one part of r, for j from … to − 1. */
    void rootBack(float[] z, int m, int r, float[] e, int eAt, float[] y, int at, int from, int to);

    /** One block into two. */
    void split2(float[] z, int at, int m, float[] tw, int twAt);

    /** Two blocks into one. */
    void join2(float[] z, int at, int m, float[] tw, int twAt);

    /** One block into four. */
    void split4(float[] z, int at, int m, float[] tw, int twAt);

    /** Four blocks into one. */
    void join4(float[] z, int at, int m, float[] tw, int twAt);

    /** Point 0 of each of some blocks that follow each other: for many small ones, m times. */
    void split4(float[] z, int at, int blocks, int m, float[] tw, int twAt);

    /** The inverse of that. */
    void join4(float[] z, int at, int blocks, int m, float[] tw, int twAt);

    /** out = z k; out may be z. */
    void times(float[] z, float[] k, float[] out, int points);

    /** out = z conj(k); out may be z. */
    void timesConjugate(float[] z, float[] k, float[] out, int points);

    /** sum += z conj(k). */
    void addTimesConjugate(float[] z, float[] k, float[] sum, int sumAt, int points);
}
