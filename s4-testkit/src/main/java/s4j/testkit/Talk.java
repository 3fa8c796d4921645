package s4j.testkit;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One end of a WebSocket: says whole messages, and waits for those of the other end. */
public final class Talk implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    /** Opens one. */
    public Talk(HttpClient client, URI at) throws InterruptedException, ExecutionException, TimeoutException {
        socket = client.newWebSocketBuilder().buildAsync(at, new Collector(heard)).get(PATIENCE_SECONDS,
                TimeUnit.SECONDS);
    }

    /** Whole messages, text or bytes; then how it was closed. */
    private record Collector(BlockingQueue<Object> heard, StringBuilder text, java.io.ByteArrayOutputStream bytes)
            implements
                WebSocket.Listener {
        Collector(BlockingQueue<Object> heard) {
            this(heard, new StringBuilder(), new java.io.ByteArrayOutputStream());
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            bytes.writeBytes(part);
            if (last) {
                heard.add(bytes.toByteArray());
                bytes.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            heard.add("closed " + status);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) { heard.add("closed by " + error); }
    }

    /** Says a text. */
    public void say(String text) throws InterruptedException, ExecutionException, TimeoutException {
        socket.sendText(text, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Says bytes. */
    public void say(byte[] bytes) throws InterruptedException, ExecutionException, TimeoutException {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Says numbers. */
    public void say(float... values) throws InterruptedException, ExecutionException, TimeoutException {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        say(bytes.array());
    }

    /** The next text, or how the other end closed. */
    public String text() throws InterruptedException, TimeoutException {
        return String.valueOf(next());
    }

    /** The next numbers. */
    public float[] floats() throws InterruptedException, TimeoutException {
        byte[] bytes = (byte[]) next();
        float[] out = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(out);
        return out;
    }

    private Object next() throws InterruptedException, TimeoutException {
        Object said = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (said == null) {
            throw new TimeoutException("no answer in " + PATIENCE_SECONDS + " s");
        }
        return said;
    }

    /** Ends it politely. */
    public void end() throws InterruptedException, ExecutionException, TimeoutException {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Breaks it. */
    @Override
    public void close() { socket.abort(); }
}
