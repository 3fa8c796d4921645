package s4j.io;

/** Element types of a tensor in a model file; the names are those of the safetensors format. Little-endian throughout. */
public enum DType {
    F64(8), F32(4), F16(2), BF16(2), I64(8), I32(4), I16(2), I8(1),
    /** Unsigned. */
    U8(1),
    /** One byte, 0 is false. */
    BOOL(1);

    private final int bytes;

    DType(int bytes) { this.bytes = bytes; }

    /** Bytes of one element. */
    public int bytes() { return bytes; }

    /** Whether elements are floating point numbers. */
    public boolean floating() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }
}
