/**
 * Configuration as a tree with origins (file, line), bound to records whose defaults stand once, in the record.
 * Words are the official ones: {@code d_model} in files is {@code dModel} in Java, mechanically.
 */
@NullMarked
package s4j.config;

import org.jspecify.annotations.NullMarked;
