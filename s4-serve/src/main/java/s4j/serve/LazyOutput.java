package s4j.serve;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens the response with its first byte, so that what fails before it is answered with a status of its own. */
final class LazyOutput extends OutputStream {
    private final Supplier<OutputStream> source;
    private @Nullable OutputStream out;

    LazyOutput(Supplier<OutputStream> source) { this.source = source; }

    private OutputStream out() {
        if (out == null) {
            out = source.get();
        }
        return out;
    }

    @Override
    public void write(int b) throws IOException { out().write(b); }

    @Override
    public void write(byte[] b, int off, int len) throws IOException { out().write(b, off, len); }

    @Override
    public void flush() throws IOException { out().flush(); }
}
