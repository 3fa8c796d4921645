@NullMarked
package s4j.train.run;

import org.jspecify.annotations.NullMarked;
