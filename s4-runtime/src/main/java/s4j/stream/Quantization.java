package s4j.stream;

/** The names of quantised tensors. */
final class Quantization {
    /** Behind an int8 weight's name: one scale an output. */
    static final String SCALE = "_scale";

    private Quantization() {}
}
