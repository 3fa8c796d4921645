/**
 * What is learned: {@link s4j.train.task.Task} owns everything that depends on it. A task is one file that implements it, with
 * the value its evaluator gathers ({@link s4j.train.task.Evaluation}), and its line in {@link s4j.train.task.Tasks}; the trainer, the
 * commands and the report ask the task and never which one it is.
 */
@NullMarked
package s4j.train.task;

import org.jspecify.annotations.NullMarked;
