@NullMarked
package s4j.model;

import org.jspecify.annotations.NullMarked;
