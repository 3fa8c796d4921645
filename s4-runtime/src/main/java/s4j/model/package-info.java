/** What a model is, as data: its configuration in the official words, and batches of sequences. */
@NullMarked
package s4j.model;

import org.jspecify.annotations.NullMarked;
