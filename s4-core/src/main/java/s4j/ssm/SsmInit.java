package s4j.ssm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import s4j.hippo.Measure;
import s4j.hippo.Nplr;
import s4j.math.NearestName;

/**
 * Initial (A, P, B) of S4 and S4D layers by their official names.
 *
 * <p>HiPPO names (legs, legt, lagt, legsd, fourier = fout, fourier2, fourier_decay, fourier_diag = foud) are diagonalised
 * with {@link Nplr}, Im B clipped to 2 in absolute value. {@code diag-X} and {@code dplr-X} are written down directly,
 * see {@link DirectInit}. Combinations share the copies out in order: {@code hippo} = legs, fourier; {@code diag} =
 * diag-inv, diag-lin; {@code all} = legs, fourier, diag-inv, diag-lin.
 *
 * <p>Source: official {@code dplr.combination}; Gu et al., S4D (2206.11893), section 4.
 */
public final class SsmInit {
    private static final Map<String, List<String>> COMBINATIONS = Map.of("hippo", List.of("legs", "fourier"), "diag",
            List.of("diag-inv", "diag-lin"), "all", List.of("legs", "fourier", "diag-inv", "diag-lin"));
    private static final List<String> HIPPO = List.of("legs", "legt", "lagt", "legsd", "fourier", "fout", "fourier2",
            "fourier_decay", "fourier_diag", "foud");

    /**
     * Options of the directly written initialisations, in the words of the layer's configuration.
     *
     * @param realScale scales -Re A (not of {@code real})
     * @param imagScale scales -Im A
     * @param realRandom -Re A from U[0, 1) instead of 1/2 (from U[0, N/2) for {@code real})
     * @param imagRandom frequency indices from U[0, N/2) instead of 0, 1, 2, …
     * @param bInit constant, random, alternating, unit-cw, unit-ccw, or hippo (= legs: LegS' B, and its P)
     * @param bScale scales B
     * @param pScale scales the random P of {@code dplr-*}
     * @param normalize divides B by the standard deviation of the state's integral
     */
    public record Options(double realScale, double imagScale, boolean realRandom, boolean imagRandom, String bInit,
            double bScale, double pScale, boolean normalize) {
        public static final Options DEFAULTS = new Options(1, 1, false, false, "constant", 1, 1, false);
    }

    /**
     * The initial systems of a layer, nSsm of them, in official order.
     *
     * @param inits names; a single one may be a combination
     * @param dState N, even
     * @param rank rows of P
     * @param nSsm independent copies, a multiple of the number of names
     * @param options of {@code diag-*} and {@code dplr-*}; must be the defaults when only HiPPO names are given
     * @param random source of the random ones
     * @throws IllegalArgumentException for an unknown name, an nSsm that does not divide, options nobody would read
     */
    public static List<Dplr> create(List<String> inits, int dState, int rank, int nSsm, Options options,
            RandomGenerator random) {
        if (dState < 2 || dState % 2 != 0) {
            throw new IllegalArgumentException("initialisation " + inits + ": d_state " + dState
                    + "; expected an even size of at least 2 (N/2 conjugate pairs are stored)");
        }
        List<String> names = expand(inits);
        if (nSsm < 1 || nSsm % names.size() != 0) {
            throw new IllegalArgumentException(
                    "initialisation " + inits + ": n_ssm " + nSsm + "; expected a multiple of "
                            + names.size() + ", the number of combined inits " + names);
        }
        requireRead(names, options);
        List<Dplr> all = new ArrayList<>(nSsm);
        for (String name : names) {
            all.addAll(copies(name, dState, rank, nSsm / names.size(), options, random));
        }
        return List.copyOf(all);
    }

    /** All names that {@link #create} knows. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(HIPPO);
        for (String form : List.of("diag", "dplr")) {
            Spectrum.names().forEach(spectrum -> names.add(form + "-" + spectrum));
        }
        names.addAll(List.of("hippo", "diag", "all"));
        return List.copyOf(names);
    }

    private static List<String> expand(List<String> inits) {
        if (inits.isEmpty()) {
            throw new IllegalArgumentException("initialisation: no name given; expected e.g. legs or diag-lin");
        }
        if (inits.size() == 1) {
            return COMBINATIONS.getOrDefault(inits.getFirst(), inits);
        }
        return inits;
    }

    private static List<Dplr> copies(String name, int dState, int rank, int copies, Options options,
            RandomGenerator random) {
        if (HIPPO.contains(name)) {
            Dplr one = Dplr.of(Nplr.of(Measure.named(name), dState, rank, Nplr.B_CLIP));
            return Collections.nCopies(copies, one);
        }
        Spectrum spectrum = (isDirect(name) ? Spectrum.named(name.substring(5)) : Optional.<Spectrum>empty())
                .orElseThrow(() -> new IllegalArgumentException("unknown init " + name + "; did you mean "
                        + NearestName.of(name, names()) + "? Known: " + String.join(", ", names())));
        DirectInit init = new DirectInit(spectrum, name.startsWith("dplr"), dState, rank, options);
        List<Dplr> list = new ArrayList<>(copies);
        for (int i = 0; i < copies; i++) {
            list.add(init.draw(random));
        }
        return list;
    }

    private static boolean isDirect(String name) { return name.startsWith("diag-") || name.startsWith("dplr-"); }

    private static void requireRead(List<String> names, Options options) {
        if (!options.equals(Options.DEFAULTS) && names.stream().noneMatch(SsmInit::isDirect)) {
            throw new IllegalArgumentException("initialisation " + names + ": options " + options
                    + "; expected the defaults, as only diag-* and dplr-* read them");
        }
    }

    private SsmInit() {}
}
