/**
 * The page a run leaves behind: one HTML file with everything inside, which opens anywhere without a network.
 * docs/decisions/006 says why it draws its own charts.
 */
@NullMarked
package s4j.train.report;

import org.jspecify.annotations.NullMarked;
