/**
 * Training runs: the loop, where it stands ({@link s4j.train.run.Position}), checkpoints, metrics, evaluation.
 *
 * <p>The chain: {@link s4j.train.Trainer} draws batches, a {@link s4j.torch.Learner} takes steps on them,
 * {@link s4j.train.run.MetricsLog} writes what happened, {@link s4j.train.run.Checkpoint} what is needed to go on. Data order
 * and learning rate are functions of the position, so a run that continues does the very steps the uninterrupted one
 * would have done; {@code ResumeTest} proves it bit by bit, {@code KillTest} with a process that is killed.
 */
@NullMarked
package s4j.train;

import org.jspecify.annotations.NullMarked;
