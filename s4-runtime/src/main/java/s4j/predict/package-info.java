/**
 * A trained model as its users want it: raw series in, class names with probabilities or numbers in their own unit out.
 *
 * <p>{@link s4j.predict.Predictor} reads from the model file alone what was done to the data on the way in and undoes it on the
 * way out; {@link s4j.predict.InputTransform} is the one place that knows how. The networks themselves are {@link
 * s4j.stream.S4Model}'s.
 */
@NullMarked
package s4j.predict;

import org.jspecify.annotations.NullMarked;
