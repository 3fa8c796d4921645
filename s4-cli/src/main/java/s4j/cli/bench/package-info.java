/**
 * {@code s4 bench}: s4j and its peers side by side, the official implementation among them if the user has it. Everyone who takes part, s4j too, is a child process that speaks one
 * line protocol ({@link s4j.cli.bench.OwnProcess}, {@code lines.py}), so all are timed the same way, in turn, in one run, and
 * whoever runs out of memory or time ends alone. docs/benchmarks/README.md says how to read the results.
 */
@NullMarked
package s4j.cli.bench;

import org.jspecify.annotations.NullMarked;
