package s4j.torch.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import s4j.model.Outputs;

/** −ln of a density whose parameters are the outputs {@code [b, t, d, parameters]}. */
sealed interface Densities extends Objective {
    /** −ln p(y) of each number, from outputs {@code [b, t, d, p]} and targets {@code [b, t, d]}. */
    Tensor each(Tensor outputs, Tensor y);

    /** Outputs for each number. */
    long parameters();

    @Override
    default Loss loss(Tensor outputs, Goals goals) {
        Tensor y = goals.values();
        Tensor parameters = outputs.reshape(y.size(0), y.size(1), y.size(2), parameters());
        return Numbers.mean(each(parameters, y), goals);
    }

    private static Tensor scale(Tensor raw) { return torch.softplus(raw).add(new Scalar(Outputs.LEAST_SCALE)); }

    /** ½ ((y − μ)/σ)² + ln σ + ½ ln 2π. */
    record Gaussian() implements Densities {
        private static final double HALF_LN_2PI = 0.5 * Math.log(2 * Math.PI);

        @Override
        public long parameters() { return 2; }

        @Override
        public Tensor each(Tensor outputs, Tensor y) {
            Tensor sigma = scale(outputs.select(3, 1));
            Tensor z = y.sub(outputs.select(3, 0)).div(sigma);
            return z.mul(z).mul(new Scalar(0.5)).add(sigma.log()).add(new Scalar(HALF_LN_2PI));
        }
    }

    /** ½(ν + 1) ln(1 + z²/ν) + ln σ + ½ ln(ν π) + ln Γ(ν/2) − ln Γ((ν + 1)/2), z = (y − μ)/σ. */
    record StudentT() implements Densities {
        @Override
        public long parameters() { return 3; }

        @Override
        public Tensor each(Tensor outputs, Tensor y) {
            Tensor sigma = scale(outputs.select(3, 1));
            Tensor nu = torch.softplus(outputs.select(3, 2)).add(new Scalar(2.0));
            Tensor z = y.sub(outputs.select(3, 0)).div(sigma);
            Scalar half = new Scalar(0.5);
            Tensor above = nu.add(new Scalar(1.0)).mul(half);
            Tensor tails = torch.log1p(z.mul(z).div(nu)).mul(above);
            Tensor normalizer = nu.mul(half).lgamma().sub(above.lgamma())
                    .add(nu.mul(new Scalar(Math.PI)).log().mul(half)).add(sigma.log());
            return tails.add(normalizer);
        }
    }
}
