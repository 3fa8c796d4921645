package s4j.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;

/**
 * On an interface that is not sealed: which configuration records implement it. {@code _name_} chooses one of them by the name
 * in its {@code DEFAULTS}, as the permitted records of a sealed interface are chosen.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface OneOf {
    /** Who knows the records; it has a public constructor without parameters. */
    Class<? extends Choices> value();

    /** Knows the records of an interface. */
    @FunctionalInterface
    interface Choices {
        /** The records, each with a public static final {@code DEFAULTS}. */
        List<Class<?>> records();
    }
}
