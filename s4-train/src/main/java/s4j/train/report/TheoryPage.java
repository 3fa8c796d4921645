package s4j.train.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import s4j.io.AtomicFile;
import s4j.io.Json;

/**
 * The interactive page on HiPPO and state space models; its numbers are computed by s4-core when it is written.
 *
 * @param signal to begin with, of any length; null: one of the page's own
 */
public record TheoryPage(double @Nullable [] signal) {
    /** Writes the page. */
    public void write(Path file) throws IOException { AtomicFile.write(file, html()); }

    String html() throws IOException {
        StringBuilder out = new StringBuilder(1 << 20);
        out.append(Page.head("HiPPO, live"))
                .append("""
                        <header><h1>HiPPO, live</h1><p>How a state of N numbers remembers a signal, and why S4 is a recurrence and a convolution
                        at once. Draw into the picture; every number comes from <code>s4-core</code>.</p></header>
                        """);
        Page.section(out, "Remembering a signal", MEMORY);
        Page.section(out, "Convolution = recurrence", TWICE);
        Page.section(out, "Discretisation error against dt", DISCRETISATION + "<figure>"
                + TheoryNumbers.discretization().svg() + "</figure>");
        out.append("<script type=\"application/json\" id=\"numbers\">")
                .append(Json.print(TheoryNumbers.all(signal == null ? null : sampled(signal))))
                .append("</script>\n<script>\n").append(script()).append("</script></main></html>\n");
        return out.toString();
    }

    /** As many values as the page draws, straight lines between those that are given, within −1 and 1. */
    static double[] sampled(double[] signal) {
        double largest = 1e-12;
        for (double v : signal) {
            largest = Math.max(largest, Math.abs(v));
        }
        double[] out = new double[TheoryNumbers.SAMPLES];
        for (int j = 0; j < out.length; j++) {
            double at = (double) j * (signal.length - 1) / (out.length - 1);
            int i = Math.max(0, Math.min(signal.length - 2, (int) at));
            double next = signal[Math.min(signal.length - 1, i + 1)];
            out[j] = (signal[i] + (at - i) * (next - signal[i])) / largest;
        }
        return out;
    }

    private static String script() throws IOException {
        try (InputStream in = Objects.requireNonNull(TheoryPage.class.getResourceAsStream("theory.js"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static final String MEMORY = """
            <p>The state of x' = A x + B f holds the coefficients of the history of f in an orthonormal basis,
            c<sub>n</sub> = ∫ f(x(s)) g<sub>n</sub>(s) ds, and f ≈ Σ c<sub>n</sub> g<sub>n</sub>. LegS: Legendre polynomials over the whole
            past; LegT: over a sliding window of length 2; FouT: sines and cosines over that window.
            <small>(s4j.hippo.Projection, HippoMatrix; HiPPO, arXiv 2008.07669)</small></p>
            <p><label>Signal <select id="shape"></select></label> <label>Measure <select id="measure"><option value="legs">LegS</option>
            <option value="legt">LegT</option><option value="fout">FouT</option></select></label>
            <label>N <input id="size" type="range" min="2" max="8" step="1" value="4"> <span id="n">16</span></label></p>
            <canvas id="board" width="1040" height="320" style="width:100%;background:var(--card);border:1px solid var(--rule);border-radius:8px;touch-action:none;cursor:crosshair"
            role="img" aria-label="The signal, and what the state remembers of it; draw with a pointer, or choose a signal above"></canvas>
            <p><output id="error" aria-live="polite"></output></p>
            """;
    private static final String TWICE = """
            <p>The same signal through an S4D-Lin of 8 pairs: step by step, x<sub>k</sub> = dA x<sub>k−1</sub> + dB u<sub>k</sub>,
            y<sub>k</sub> = 2 Re C x<sub>k</sub>; and at once, y = K * u with K<sub>l</sub> = 2 Re Σ C dB dA<sup>l</sup>. The two lines lie
            on each other. <small>(s4j.ssm.DiagonalSsm, DiagonalRecurrence; S4D, arXiv 2206.11893)</small></p>
            <figure><svg viewBox="0 0 520 200" role="img" aria-label="Output of the recurrence and of the convolution"><path class="line c0"
            id="recurrence" style="stroke-width:5;opacity:.4"/><path class="line c1" id="convolution"/></svg></figure>
            <p><output id="same" aria-live="polite"></output></p>
            """;
    private static final String DISCRETISATION = """
            <p>Zero-order hold is exact for an input that is constant over each step, bilinear stable wherever A is; for an input that
            moves within a step both err in proportion to dt. <small>(s4j.ssm.Discretization)</small></p>
            """;
}
