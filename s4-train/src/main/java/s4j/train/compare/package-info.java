/**
 * Comparisons of models on one data set: every model has the same number of parameters, the same three learning rates, the same
 * budget and the same seeds; {@link s4j.train.compare.Comparison} runs them, each member a run like any other, and writes one
 * report.
 */
@NullMarked
package s4j.train.compare;

import org.jspecify.annotations.NullMarked;
