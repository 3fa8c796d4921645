/**
 * The configuration of a run: YAML groups and overrides composed into one tree, bound to {@link
 * s4j.train.config.TrainConfig}.
 */
@NullMarked
package s4j.train.config;

import org.jspecify.annotations.NullMarked;
