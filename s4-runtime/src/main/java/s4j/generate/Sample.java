package s4j.generate;

/**
 * A generated sequence.
 *
 * @param number of the sample within its request, from 0: its stream of random numbers
 * @param tokens that were drawn, without the prefix
 * @param logLikelihood Σ_t ln p(token t | all before) under the model's own distribution, whatever temperature, top-k and
 *     top-p were: exact, in nats
 */
public record Sample(int number, int[] tokens, double logLikelihood) {
    /** −log₂ p of a token, on average: comparable between lengths and with the NLL of training. */
    public double bitsPerToken() {
        return -logLikelihood / Math.log(2) / tokens.length;
    }
}
