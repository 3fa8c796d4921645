@NullMarked
package s4j.data.forecast;

import org.jspecify.annotations.NullMarked;
