package s4j.torch.ssm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.model.S4LayerConfig;
import s4j.torch.Cases;
import s4j.torch.FiniteDifferences;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;

/** Every trained parameter of every form of kernel, alone. */
class KernelGradientTest {
    private static final int H = 4;

    record Case(String name, S4LayerConfig config, int attuned, int length, double rate) {
        @Override
        public String toString() { return name; }
    }

    private static Case of(String name, int length, double rate, Object... options) {
        return new Case(name, Cases.layer(options), length, length, rate);
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String init : List.of("legs", "fout", "legt", "dplr-lin")) {
            for (int rank = init.equals("legt") ? 2 : 1; rank <= 3; rank++) {
                cases.add(of("nplr " + init + " rank " + rank, 13, 1, "mode", "nplr", "init", init, "rank", rank));
            }
        }
        for (Integer nSsm : new Integer[]{1, 2, H}) {
            cases.add(of("nplr n_ssm " + nSsm, 16, 1, "mode", "nplr", "n_ssm", nSsm, "channels", 2));
            cases.add(of("nplr untied dt, n_ssm " + nSsm, 16, 1, "mode", "nplr", "n_ssm", nSsm, "dt_tie", false));
            cases.add(
                    of("diag n_ssm " + nSsm, 16, 1, "mode", "diag", "init", "diag-inv", "n_ssm", nSsm, "channels", 2));
        }
        for (double rate : new double[]{0.5, 2}) {
            cases.add(of("nplr rate " + rate, 12, rate, "mode", "nplr"));
            cases.add(of("diag rate " + rate, 12, rate, "mode", "diag", "init", "diag-lin"));
        }
        for (String disc : List.of("zoh", "bilinear", "dss")) {
            for (String init : List.of("diag-lin", "diag-inv", "diag-legs", "diag-quad", "legs", "diag-real")) {
                cases.add(of(disc + " " + init, 13, 1, "mode", "diag", "init", init, "disc", disc));
            }
            cases.add(of(disc + " untied", 13, 1, "mode", "diag", "init", "diag-lin", "disc", disc, "dt_tie", false));
        }
        for (String transform : List.of("none", "exp", "relu", "sigmoid", "softplus")) {
            cases.add(of("diag real " + transform, 9, 1, "mode", "diag", "init", "diag-lin", "real_transform",
                    transform));
            cases.add(of("nplr real " + transform, 9, 1, "mode", "nplr", "real_transform", transform));
            // sigmoid keeps frequencies below 1
            cases.add(
                    of("diag imag " + transform, 9, 1, "mode", "diag", "init", "diag-lin", "imag_transform", transform,
                            "imag_scale", 0.05));
            cases.add(
                    of("nplr imag " + transform, 9, 1, "mode", "nplr", "init", "dplr-lin", "imag_transform", transform,
                            "imag_scale", 0.05, "P_scale", 0.1));
            cases.add(of("dt " + transform, 9, 1, "mode", "diag", "init", "diag-inv", "dt_transform", transform));
        }
        cases.add(of("diag bandlimit", 9, 1, "mode", "diag", "init", "diag-inv", "bandlimit", 0.3));
        cases.add(of("nplr bandlimit", 9, 1, "mode", "nplr", "bandlimit", 0.3));
        cases.add(of("nplr d_state 2", 7, 1, "mode", "nplr", "init", "dplr-lin", "d_state", 2, "P_scale", 0.1));
        cases.add(of("diag L 1", 1, 1, "mode", "diag", "init", "diag-lin", "d_state", 2));
        cases.add(of("nplr L 1", 1, 1, "mode", "nplr"));
        cases.add(new Case("nplr doubled twice", Cases.layer("mode", "nplr"), 5, 17, 1));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientMatchesFiniteDifference(Case c) { requireGradients(c, Kernels.torch()); }

    @ParameterizedTest
    @MethodSource("cases")
    void soDoesThatOfOwnKernels(Case c) {
        try (Kernels kernels = Kernels.of("auto", true, 2)) {
            requireGradients(c, kernels);
        }
    }

    private static void requireGradients(Case c, Kernels kernels) {
        long seed = c.name().hashCode();
        try (var store = Cases.store(seed); var _ = NativeScope.open()) {
            SsmParameters parameters = SsmParameters.create(c.config(), H, c.config().channels(), "", store);
            SsmKernel kernel = c.config().mode().diagonal()
                    ? new DiagonalKernel(parameters)
                    : DplrKernel.create(parameters, "", c.attuned(), store);
            Tensor weights = Cases.input(seed, c.config().channels(), H, c.length());
            // DSS divides by e^(dt A L) − 1, which comes close to 0: a sharp function
            double step = c.config().disc() == S4LayerConfig.Disc.DSS ? 1e-4 : 1e-3;
            FiniteDifferences.requireGradients(c.name(), seed, step, store.trained(),
                    () -> kernel.kernel(kernels, c.length(), c.rate()).mul(weights).sum());
        }
    }

    @Test
    void allParametersAreTrainedUnlessFrozen() {
        assertEquals(Set.of("C", "inv_dt", "B", "A_real", "A_imag", "P"), trained("mode", "nplr"));
        assertEquals(Set.of("C", "inv_dt", "B", "A_real", "A_imag"), trained("mode", "diag", "init", "diag-lin"));
        assertEquals(Set.of("C", "inv_dt"),
                trained("mode", "nplr", "lr", java.util.Map.of("A", 0.0, "B", 0.0, "dt", 0.1)));
    }

    private static Set<String> trained(Object... options) {
        try (var store = Cases.store(1); var _ = NativeScope.open()) {
            SsmParameters.create(Cases.layer(options), H, 1, "", store);
            return store.trained().stream().map(Parameter::name).collect(Collectors.toSet());
        }
    }
}
