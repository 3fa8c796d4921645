/**
 * HiPPO: state matrices under which the state x(t) of {@code x' = A x + B u} holds the history of u as coefficients of an
 * orthogonal basis.
 */
@NullMarked
package s4j.hippo;

import org.jspecify.annotations.NullMarked;
