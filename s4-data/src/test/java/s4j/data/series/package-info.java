@NullMarked
package s4j.data.series;

import org.jspecify.annotations.NullMarked;
