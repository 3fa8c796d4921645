package s4j.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.generate.TokenModel;
import s4j.generate.Vocabulary;
import s4j.train.run.RunException;

/** Texts at which generation ends. */
final class StopTexts {
    private final List<String> texts;
    private final @Nullable Vocabulary vocabulary;
    private final int longest;
    private String tail = "";

    private StopTexts(List<String> texts, @Nullable Vocabulary vocabulary) {
        this.texts = texts;
        this.vocabulary = vocabulary;
        this.longest = texts.stream().mapToInt(String::length).max().orElse(0);
    }

    /** Refuses what no text can be compared with. */
    static StopTexts of(List<String> texts, TokenModel model, int samples) {
        if (texts.isEmpty()) {
            return new StopTexts(List.of(), null);
        }
        if (texts.stream().anyMatch(String::isEmpty)) {
            throw new RunException("--stop \"\": got an empty text; expected at least one character");
        }
        if (model.vocabulary() == null || samples != 1) {
            throw new RunException("--stop " + (samples != 1
                    ? "with " + samples + " samples; expected one, as each would end elsewhere"
                    : "needs text, and this model does not say which text its tokens are; s4 export --vocabulary FILE"
                            + " gives it"));
        }
        return new StopTexts(texts, model.vocabulary());
    }

    /** Takes the next token; whether one of the texts has now been written. */
    boolean reached(int token) {
        if (vocabulary == null) {
            return false;
        }
        // bytes one by one: half a character matches nothing until the rest is there
        tail += vocabulary.unit().ofBytes()
                ? new String(vocabulary.bytes(token), StandardCharsets.ISO_8859_1)
                : vocabulary.decode(token);
        String text = vocabulary.unit().ofBytes()
                ? new String(tail.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                : tail;
        int own = vocabulary.tokens().get(token).length() + 1;
        if (tail.length() > 4 * (longest + own)) {
            tail = tail.substring(tail.length() - 4 * (longest + own) + own);
        }
        return texts.stream().anyMatch(stop -> {
            int at = text.lastIndexOf(stop);
            return at >= 0 && at > text.length() - stop.length() - own - 1;
        });
    }
}
