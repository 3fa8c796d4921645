/**
 * Learning rate schedules as functions: the factor at step k depends on k, the epoch and the run's length alone, never
 * on what was called before, so a run may continue anywhere. Only {@code plateau} looks at results; its state is the
 * record {@link s4j.train.schedule.Plateau}.
 */
@NullMarked
package s4j.train.schedule;

import org.jspecify.annotations.NullMarked;
