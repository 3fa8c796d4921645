/** What tests of all modules share. */
@NullMarked
package s4j.testkit;

import org.jspecify.annotations.NullMarked;
