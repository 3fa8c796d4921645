package s4j.io;
/** stub. */
public enum DType {
    F64
}
