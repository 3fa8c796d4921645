/**
 * One small door to tables: columns by name and type, read row by row, so that memory does not grow with the table.
 *
 * <p>{@link s4j.data.table.Table#csv} reads files of comma- (semicolon-, tab-, pipe-) separated values, plain or gzipped;
 * {@link s4j.data.table.Table#query} reads the answer to a query over JDBC, from any driver on the class path. Nothing else of
 * the project knows a CSV library or JDBC.
 */
@NullMarked
package s4j.data.table;

import org.jspecify.annotations.NullMarked;
