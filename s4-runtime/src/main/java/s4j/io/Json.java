package s4j.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as plain Java values: {@code Map<String, Object>} in file order, {@code List<Object>}, String, Long, Double,
 * Boolean and null. Strict: no duplicate keys, comments, NaN or text after the value; depth, numbers and strings are
 * limited.
 */
public final class Json {
    /** Nesting deeper than any configuration; a parser stack stays small. */
    private static final int MAX_DEPTH = 64;
    /** Digits: the longest float64 is 24 characters, the rest is room for odd writers. */
    private static final int MAX_NUMBER = 128;
    private static final int MAX_STRING = SafeTensors.MAX_HEADER;
    private static final int SHORT = 80;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER).maxStringLength(MAX_STRING).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /**
     * Parses one JSON value.
     *
     * @param source what to call the text in messages
     * @throws MalformedFileException when the text is not JSON
     */
    public static @Nullable Object parse(String text, String source) throws MalformedFileException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new MalformedFileException(source + ": JSON: got nothing; expected a value");
            }
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new MalformedFileException(source + ": JSON: got text after the value; expected its end");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new MalformedFileException(source + ": not valid JSON: " + reason(e), e);
        } catch (MalformedFileException e) {
            throw e;
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> map(parser);
            case START_ARRAY -> list(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new MalformedFileException("JSON: unexpected " + parser.currentToken());
        };
    }

    private static Map<String, @Nullable Object> map(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            out.put(key, value(parser));
        }
        return Collections.unmodifiableMap(out);
    }

    private static List<@Nullable Object> list(JsonParser parser) throws IOException {
        List<@Nullable Object> out = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            out.add(value(parser));
        }
        return Collections.unmodifiableList(out);
    }

    /** One line of JSON. */
    public static String print(@Nullable Object value) { return write(value, false); }

    /** JSON over several lines with two spaces of indentation, ending with a newline. */
    public static String pretty(@Nullable Object value) {
        return write(value, true) + "\n";
    }

    private static String write(@Nullable Object value, boolean pretty) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            if (pretty) {
                DefaultIndenter twoSpaces = new DefaultIndenter("  ", "\n");
                json.setPrettyPrinter(
                        new DefaultPrettyPrinter().withObjectIndenter(twoSpaces).withArrayIndenter(twoSpaces));
            }
            write(json, value);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + e.getMessage(), e);
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (var e : map.entrySet()) {
                    json.writeFieldName(String.valueOf(e.getKey()));
                    write(json, e.getValue());
                }
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                for (Object v : list) {
                    write(json, v);
                }
                json.writeEndArray();
            }
            case String s -> json.writeString(s);
            case Boolean b -> json.writeBoolean(b);
            case Integer i -> json.writeNumber(i);
            case Long l -> json.writeNumber(l);
            case Float f -> writeReal(json, f);
            case Double d -> writeReal(json, d);
            default -> throw new IllegalArgumentException(
                    "JSON holds maps, lists, texts, numbers, booleans and null; got " + value.getClass().getName());
        }
    }

    private static void writeReal(JsonGenerator json, double v) throws IOException {
        if (!Double.isFinite(v)) {
            throw new IllegalArgumentException("JSON has no number " + v + "; write null or a text");
        }
        json.writeNumber(v);
    }

    /** What a parser complains about and where, without the parser's own wordy location. */
    static String reason(JsonProcessingException e) {
        var at = e.getLocation();
        String place = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        return shortened(e.getOriginalMessage()) + place;
    }

    /** A text from a file, short enough for one line of a message. */
    public static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= 2 * SHORT ? line : line.substring(0, SHORT) + "… (" + line.length() + " characters)";
    }

    private Json() {}
}
