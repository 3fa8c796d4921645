package s4j.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a component of a configuration record is where nobody writes it: the value as files have it, e.g. {@code "64"}, {@code
 * "softplus"}, {@code "[4, 4]"}. Without it a component that may be null is null, and a record takes its own defaults.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    /** The value as JSON, or a plain word. */
    String value();
}
