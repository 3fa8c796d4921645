@NullMarked
package s4j.train.config;

import org.jspecify.annotations.NullMarked;
