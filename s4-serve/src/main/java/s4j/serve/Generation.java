package s4j.serve;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import s4j.generate.AudioCode;
import s4j.generate.Generator;
import s4j.generate.Sampling;
import s4j.generate.TokenModel;
import s4j.generate.Vocabulary;
import s4j.io.Json;

/** Text as server-sent events, sound as a wav while it is generated. As many at a time as there are processors. */
final class Generation {
    private static final int HEADER = 44;
    private static final int ENDLESS = 0xFFFFFFFF;
    private static final int PIECE = 512;

    private final ServerConfig.Limits limits;
    private final Semaphore places = new Semaphore(Runtime.getRuntime().availableProcessors());

    Generation(ServerConfig.Limits limits) { this.limits = limits; }

    /** What is asked for. */
    record Asked(int steps, Sampling sampling, long seed, String prompt) {
        /** From the parameters of a request; all may be left out. */
        static Asked of(Map<?, ?> p, String prompt, int steps) {
            return new Asked((int) number(p, "max_tokens", steps),
                    new Sampling(number(p, "temperature", 1), number(p, "top_p", 1), (int) number(p, "top_k", 0)),
                    (long) number(p, "seed", 0), prompt);
        }

        private static double number(Map<?, ?> p, String key, double other) {
            Object v = p.get(key);
            if (v == null) {
                return other;
            }
            if (v instanceof Number n) {
                return n.doubleValue();
            }
            throw Problem.badRequest(key + " " + s4j.io.Shown.text(String.valueOf(v)) + "; expected a number");
        }
    }

    private static TokenModel tokens(Served served) {
        if (served.tokens() == null) {
            throw Problem.badRequest(
                    "model " + served.name() + " does not generate; expected one that predicts the next token");
        }
        return served.tokens();
    }

    /** The whole text at once. */
    String text(Served served, Asked asked) {
        StringBuilder text = new StringBuilder();
        Vocabulary vocabulary = vocabulary(tokens(served));
        run(tokens(served), asked, vocabulary.encode(asked.prompt), (t, drawn) -> {
            text.append(vocabulary.decode(drawn[0]));
            return true;
        });
        return text.toString();
    }

    /** A piece of text an event. */
    void events(Served served, Asked asked, OutputStream out) throws IOException {
        Vocabulary vocabulary = vocabulary(tokens(served));
        int[] prompt = vocabulary.encode(asked.prompt);
        run(tokens(served), asked, prompt, (t, drawn) -> {
            Map<String, @Nullable Object> event = new LinkedHashMap<>();
            event.put("model_name", served.name());
            event.put("model_version", served.version());
            event.put("text_output", vocabulary.decode(drawn[0]));
            return written(out, ("data: " + Json.print(event) + "\n\n").getBytes(StandardCharsets.UTF_8), true);
        });
    }

    private static Vocabulary vocabulary(TokenModel model) {
        if (model.vocabulary() == null) {
            throw Problem.badRequest("the model's tokens are no text; expected one with a vocabulary");
        }
        return model.vocabulary();
    }

    /** A wav whose length is not said in front, so that it plays while it is made. */
    void sound(Served served, Asked asked, OutputStream out) throws IOException {
        TokenModel tokens = tokens(served);
        AudioCode audio = tokens.audio();
        if (audio == null) {
            throw Problem.badRequest("the model's tokens are no sound");
        }
        ByteBuffer samples = ByteBuffer.allocate(2 * PIECE).order(ByteOrder.LITTLE_ENDIAN);
        run(tokens, asked, new int[0], (t, drawn) -> {
            if (t == 0 && !written(out, header(audio.sampleRate()), false)) { // not before the request is known to be right
                return false;
            }
            samples.putShort((short) Math.round(audio.levels()[drawn[0]] * Short.MAX_VALUE));
            if (samples.hasRemaining()) {
                return true;
            }
            samples.clear();
            return written(out, samples.array(), true);
        });
        out.write(samples.array(), 0, samples.position());
    }

    private static byte[] header(int rate) {
        ByteBuffer b = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        b.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(ENDLESS)
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16).putShort((short) 1).putShort((short) 1)
                .putInt(rate).putInt(2 * rate).putShort((short) 2).putShort((short) 16)
                .put("data".getBytes(StandardCharsets.US_ASCII)).putInt(ENDLESS);
        return b.array();
    }

    private void run(TokenModel model, Asked asked, int[] prompt, Generator.Listener listener) {
        if (asked.steps < 1 || asked.steps > limits.steps()) {
            throw Problem.badRequest("max_tokens %,d; expected 1 to %,d".formatted(asked.steps, limits.steps()));
        }
        if (!places.tryAcquire()) {
            throw Problem.tooMany("as many generations run as there are processors; try again in a moment");
        }
        try {
            new Generator(model).generate(new Generator.Request(1, asked.steps, asked.sampling, asked.seed, prompt),
                    listener);
        } finally {
            places.release();
        }
    }

    /** False when nobody reads any more. */
    private static boolean written(OutputStream out, byte[] bytes, boolean now) {
        try {
            out.write(bytes);
            if (now) {
                out.flush();
            }
            return true;
        } catch (IOException | RuntimeException e) { // the server's stream throws of its own
            return false;
        }
    }
}
