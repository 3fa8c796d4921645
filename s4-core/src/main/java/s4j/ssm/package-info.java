/** State space models: initialisation, discretisation, kernels and recurrences. */
@NullMarked
package s4j.ssm;

import org.jspecify.annotations.NullMarked;
