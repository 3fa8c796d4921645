/** Tests of the streaming runtime. */
@org.jspecify.annotations.NullMarked
package s4j.stream;
