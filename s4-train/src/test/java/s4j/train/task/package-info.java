@NullMarked
package s4j.train.task;

import org.jspecify.annotations.NullMarked;
