/** Learning rates over the course of a run. */
@NullMarked
package s4j.train.schedule;

import org.jspecify.annotations.NullMarked;
