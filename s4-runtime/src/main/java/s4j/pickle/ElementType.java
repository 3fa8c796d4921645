package s4j.pickle;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.DType;

/** Element types of PyTorch's storages; complex numbers become two real ones on a new last axis. */
public enum ElementType {
    FLOAT("FloatStorage", DType.F32, false), DOUBLE("DoubleStorage", DType.F64, false), HALF("HalfStorage", DType.F16,
            false), BFLOAT16("BFloat16Storage", DType.BF16, false), COMPLEX_FLOAT("ComplexFloatStorage", DType.F32,
                    true), COMPLEX_DOUBLE("ComplexDoubleStorage", DType.F64, true), LONG("LongStorage", DType.I64,
                            false), INT("IntStorage", DType.I32, false), SHORT("ShortStorage", DType.I16,
                                    false), CHAR("CharStorage", DType.I8, false), BYTE("ByteStorage", DType.U8,
                                            false), BOOL("BoolStorage", DType.BOOL, false);

    private static final Map<String, ElementType> BY_NAME = new HashMap<>();

    static {
        for (ElementType t : values()) {
            BY_NAME.put(t.storage, t);
        }
    }

    private final String storage;
    private final DType dtype;
    private final boolean complex;

    ElementType(String storage, DType dtype, boolean complex) {
        this.storage = storage;
        this.dtype = dtype;
        this.complex = complex;
    }

    /** The type of {@code torch.FloatStorage} and so on; null when the name is none of them. */
    static @Nullable ElementType named(Global global) {
        return global.module().equals("torch") || global.module().equals("torch.cuda")
                ? BY_NAME.get(global.name())
                : null;
    }

    /** Type of the real numbers. */
    public DType dtype() { return dtype; }

    /** Whether an element is two of them. */
    public boolean complex() { return complex; }

    /** Bytes of one element. */
    public int bytes() { return dtype.bytes() * (complex ? 2 : 1); }
}
