@NullMarked
package s4j.docs;

import org.jspecify.annotations.NullMarked;
