/**
 * New sequences from a model that predicts the next token of each step: one draws from its distribution, feeds what was drawn
 * back as the next step's input, and so on.
 *
 * <pre>
 * TokenModel.of(modelFile)             which token stands before the first step, how tokens are sound or text
 * Generator.generate(request)          prefix by forwardChunk, then all samples step by step as one batch
 * TokenDistribution                    temperature, top-k, top-p; exact log-likelihood of what is drawn
 * Runaway.in(sound)                    has a sample ended in noise?
 * </pre>
 *
 * <p>Source: Goel, Gu, Donahue, Ré, It's Raw! Audio Generation with State-Space Models (2022); Holtzman et al., The Curious
 * Case of Neural Text Degeneration (2020) for top-p. Tests: GeneratorTest.
 */
@NullMarked
package s4j.generate;

import org.jspecify.annotations.NullMarked;
