@NullMarked
package s4j.config;

import org.jspecify.annotations.NullMarked;
