/**
 * The Long Range Arena (Tay et al. 2021) and synthetic tasks: generators by their exact rules, and readers of the archives.
 *
 * <pre>
 * ListOpsTree -> ListOpsConfig                  nested operations on digits, 10 classes
 * PathfinderImage -> PathfinderConfig           are two points joined by a dashed path?
 * ImdbConfig                                    reviews as bytes, 2 classes
 * CopyingConfig, AddingConfig, DelayConfig      what a memory must keep
 * </pre>
 *
 * <p>What is generated derives from (seed, split, index) alone, whatever else is made.
 */
@NullMarked
package s4j.data.lra;

import org.jspecify.annotations.NullMarked;
