/**
 * What a run leaves behind: its directory ({@link s4j.train.run.RunDirectory}), metrics ({@link s4j.train.run.MetricsLog}) and
 * checkpoints ({@link s4j.train.run.Checkpoint}), and where it stands ({@link s4j.train.run.Position}).
 */
@NullMarked
package s4j.train.run;

import org.jspecify.annotations.NullMarked;
