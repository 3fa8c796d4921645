package s4j.io;
/** stub. */
public record TensorData(DType dtype, long[] shape, java.lang.foreign.MemorySegment data) {}
