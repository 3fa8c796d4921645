/**
 * Trained models on live streams in Apache Flink. Each key has a stream of its own, whose state is the engine's checkpointed keyed state: what a
 * job has answered and what it remembers are restored together, so that it goes on to the same bits after a failure, from a savepoint, and with another
 * parallelism. Pure Java; the door is {@link s4j.flink.S4Flink}.
 */
@NullMarked
package s4j.flink;

import org.jspecify.annotations.NullMarked;
