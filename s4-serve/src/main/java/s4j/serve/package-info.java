/**
 * Trained models as a service: {@link s4j.serve.S4Server}. Plain Java throughout; what answers is the streaming runtime.
 */
@NullMarked
package s4j.serve;

import org.jspecify.annotations.NullMarked;
