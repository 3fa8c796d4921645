/** Stand-ins for tests: a learner without libtorch and a data set without files. */
@NullMarked
package s4j.train.fake;

import org.jspecify.annotations.NullMarked;
