@NullMarked
package s4j.data.table;

import org.jspecify.annotations.NullMarked;
