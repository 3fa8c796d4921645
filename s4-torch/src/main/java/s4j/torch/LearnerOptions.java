package s4j.torch;

import s4j.config.Range;
import s4j.model.ObjectiveConfig;

/**
 * How a network is trained, beside its configuration.
 *
 * @param objective what training makes small
 * @param optimizer the optimizer
 * @param biasWeightDecay decays biases and embeddings too
 * @param normalizationWeightDecay decays the weights and biases of norms too
 * @param gradientClipVal global gradient norm to clip at; 0: no clipping
 * @param ema decay of the weights' moving average; 0: none. With an average, evaluation and the model file use it
 * @param device {@code auto}, {@code cpu} or {@code cuda}
 * @param kernelBackend {@code auto}, {@code simd}, {@code scalar} or {@code torch}: what computes the SSM convolutions
 * @param threads of libtorch and of s4j's kernels; 0: all cores
 * @param seed of initialisation and dropout
 * @param recompute keeps of each block its input alone and computes the rest again for the backward pass: the same to rounding, in
 *     a fraction of the memory, for one more forward pass
 */
public record LearnerOptions(ObjectiveConfig objective, OptimizerConfig optimizer, boolean biasWeightDecay,
        boolean normalizationWeightDecay, @Range(min = 0) double gradientClipVal,
        @Range(min = 0, max = 1) double ema,
        String device, String kernelBackend, @Range(min = 0) int threads, long seed, boolean recompute) {
    /** The same where everything is kept for the backward pass. */
    public LearnerOptions(ObjectiveConfig objective, OptimizerConfig optimizer, boolean biasWeightDecay,
            boolean normalizationWeightDecay, double gradientClipVal, double ema, String device, String kernelBackend,
            int threads, long seed) {
        this(objective, optimizer, biasWeightDecay, normalizationWeightDecay, gradientClipVal, ema, device,
                kernelBackend, threads, seed, false);
    }

    /** The same with so many threads. */
    public LearnerOptions withThreads(int n) {
        return new LearnerOptions(objective, optimizer, biasWeightDecay, normalizationWeightDecay, gradientClipVal, ema,
                device, kernelBackend, n, seed, recompute);
    }
}
