package s4j.config;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration record seen through reflection: only our own public records, never a class named in a file.
 *
 * @param type the record
 * @param components in order
 */
record Shape(Class<?> type, List<Component> components) {
    /** One component: its word in files, its type, whether null is allowed, and its range if it has one. */
    record Component(String key, Class<?> type, Type generic, boolean nullable, @Nullable Range range,
            RecordComponent reflected) {
        /** The type, of a list that of its elements. */
        Class<?> element() {
            return generic instanceof ParameterizedType p && p.getActualTypeArguments()[0] instanceof Class<?> k
                    ? k
                    : type;
        }

        @Nullable
        Object of(Object record) {
            try {
                return reflected.getAccessor().invoke(record);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("configuration records are public: " + record.getClass(), e);
            }
        }
    }

    static Shape of(Class<?> type) {
        return new Shape(type, Arrays.stream(type.getRecordComponents()).map(Shape::component).toList());
    }

    private static Component component(RecordComponent c) {
        Key key = c.getAnnotation(Key.class);
        AnnotatedElement use = c.getAnnotatedType();
        return new Component(key == null ? Words.snake(c.getName()) : key.value(), c.getType(), c.getGenericType(),
                use.isAnnotationPresent(Nullable.class), c.getAnnotation(Range.class), c);
    }

    List<String> keys() { return components.stream().map(Component::key).toList(); }

    /** A new record; what its constructor refuses comes out as it was thrown. */
    Object create(@Nullable Object[] values) {
        try {
            Class<?>[] types = components.stream().map(Component::type).toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("configuration records are public: " + type, e);
        }
    }

    /** The record's {@code DEFAULTS}; of a sealed interface those of the first record that it permits. */
    static Object defaults(Class<?> type) {
        if (type.isSealed()) {
            return defaults(type.getPermittedSubclasses()[0]);
        }
        try {
            return type.getField("DEFAULTS").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " needs a public static final DEFAULTS", e);
        }
    }
}
