package s4j.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON header of a safetensors file, read as a stream so that a hostile header costs no more memory than its text.
 *
 * @param entries the tensors in header order
 * @param metadata the {@code __metadata__} texts
 */
record SafeTensorsHeader(List<Entry> entries, Map<String, String> metadata) {
    static final String METADATA = "__metadata__";
    /** More axes than any tensor of ours; bounds what a header can make us keep. */
    private static final int MAX_AXES = 32;

    /** One tensor: {@code begin} and {@code end} are offsets after the header. */
    record Entry(String name, DType dtype, long[] shape, long begin, long end) {}

    List<Entry> inFileOrder() {
        return entries.stream().sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end)).toList();
    }

    static SafeTensorsHeader parse(byte[] json, long dataSize, String file) throws IOException {
        if (json[0] != '{') {
            throw new MalformedFileException(file + ": header starts with byte " + (json[0] & 0xff)
                    + "; expected '{' (a JSON object). Is it a safetensors file?");
        }
        var utf8 = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try (var text = new InputStreamReader(new ByteArrayInputStream(json), utf8);
                JsonParser parser = Json.FACTORY.createParser(text)) {
            SafeTensorsHeader header = new Reader(parser, file).header();
            header.checkLayout(dataSize, file);
            return header;
        } catch (CharacterCodingException e) {
            throw new MalformedFileException(file + ": header is not valid UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new MalformedFileException(file + ": header is not valid JSON: " + Json.reason(e), e);
        }
    }

    /** Tensors must tile the data without holes or overlaps, as the format demands. */
    private void checkLayout(long dataSize, String file) throws MalformedFileException {
        long at = 0;
        for (Entry e : inFileOrder()) {
            if (e.begin != at) {
                throw new MalformedFileException(file + ": tensor " + e.name + " begins at offset " + e.begin
                        + "; expected " + at + ", the end of the one before (" + (e.begin < at ? "overlap" : "hole")
                        + ")");
            }
            at = e.end;
        }
        if (at != dataSize) {
            throw new MalformedFileException(file + ": tensors need " + at + " bytes; the file has " + dataSize
                    + " after its header. Was it cut or appended to?");
        }
    }

    /** The header's bytes, padded with spaces so that the data starts at a multiple of 8. */
    static byte[] print(SafeTensors file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            if (!file.metadata().isEmpty()) {
                json.writeObjectFieldStart(METADATA);
                for (var e : file.metadata().entrySet()) {
                    json.writeStringField(e.getKey(), e.getValue());
                }
                json.writeEndObject();
            }
            long at = 0;
            for (var e : file.tensors().entrySet()) {
                TensorData t = e.getValue();
                json.writeObjectFieldStart(e.getKey());
                json.writeStringField("dtype", t.dtype().name());
                writeLongs(json, "shape", t.shape());
                writeLongs(json, "data_offsets", at, at + t.byteSize());
                json.writeEndObject();
                at += t.byteSize();
            }
            json.writeEndObject();
        }
        while (out.size() % 8 != 0) {
            out.write(' ');
        }
        if (out.size() > SafeTensors.MAX_HEADER) {
            throw new IOException("header needs " + out.size() + " bytes; the format allows " + SafeTensors.MAX_HEADER);
        }
        return out.toByteArray();
    }

    private static void writeLongs(JsonGenerator json, String name, long... values) throws IOException {
        json.writeFieldName(name);
        json.writeArray(values, 0, values.length);
    }

    /** Walks the tokens of one header. */
    private record Reader(JsonParser json, String file) {
        SafeTensorsHeader header() throws IOException {
            List<Entry> entries = new ArrayList<>();
            Map<String, String> metadata = Map.of();
            expect(JsonToken.START_OBJECT, "header");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (name.equals(METADATA)) {
                    metadata = metadata();
                } else {
                    entries.add(entry(name));
                }
            }
            if (json.nextToken() != null) {
                throw bad("header", "has text after its end", "spaces only");
            }
            return new SafeTensorsHeader(entries, metadata);
        }

        private Map<String, String> metadata() throws IOException {
            Map<String, String> out = new LinkedHashMap<>();
            expect(JsonToken.START_OBJECT, METADATA);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                expect(JsonToken.VALUE_STRING, METADATA + "." + key);
                out.put(key, json.getText());
            }
            return out;
        }

        private Entry entry(String name) throws IOException {
            DType dtype = null;
            long[] shape = null;
            long[] offsets = null;
            expect(JsonToken.START_OBJECT, "tensor " + name);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                switch (key) {
                    case "dtype" -> dtype = dtype(name);
                    case "shape" -> shape = longs(name, key);
                    case "data_offsets" -> offsets = longs(name, key);
                    default -> throw bad("tensor " + name, "got the key " + key, "dtype, shape and data_offsets");
                }
            }
            return entry(name, dtype, shape, offsets);
        }

        private Entry entry(String name, @Nullable DType dtype, long @Nullable [] shape, long @Nullable [] offsets)
                throws MalformedFileException {
            if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
                throw bad("tensor " + name, "incomplete", "dtype, shape and two data_offsets");
            }
            if (offsets[1] < offsets[0]) {
                throw bad("tensor " + name, "data_offsets " + Arrays.toString(offsets), "begin <= end");
            }
            long bytes;
            try {
                bytes = Math.multiplyExact(TensorData.elements(shape), dtype.bytes());
            } catch (ArithmeticException e) {
                throw bad("tensor " + name, "shape " + Arrays.toString(shape), "fewer than 2^63 bytes");
            }
            if (bytes != offsets[1] - offsets[0] || bytes > TensorData.MAX_BYTES) {
                throw bad("tensor " + name,
                        "data_offsets " + Arrays.toString(offsets) + " hold " + (offsets[1] - offsets[0]) + " bytes",
                        bytes + " for " + dtype + Arrays.toString(shape) + ", at most " + TensorData.MAX_BYTES);
            }
            return new Entry(name, dtype, shape, offsets[0], offsets[1]);
        }

        private DType dtype(String name) throws IOException {
            expect(JsonToken.VALUE_STRING, "dtype of " + name);
            String word = json.getText();
            for (DType d : DType.values()) {
                if (d.name().equals(word)) {
                    return d;
                }
            }
            throw bad("tensor " + name, "dtype " + Json.shortened(word), "one of " + Arrays.toString(DType.values()));
        }

        private long[] longs(String name, String key) throws IOException {
            expect(JsonToken.START_ARRAY, key + " of " + name);
            long[] out = new long[MAX_AXES];
            int n = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() != JsonToken.VALUE_NUMBER_INT || n == MAX_AXES || json.getLongValue() < 0) {
                    throw bad("tensor " + name, key + " has " + Json.shortened(json.getText()) + " at index " + n,
                            "at most " + MAX_AXES + " whole numbers >= 0");
                }
                out[n++] = json.getLongValue();
            }
            return Arrays.copyOf(out, n);
        }

        private void expect(JsonToken wanted, String what) throws IOException {
            JsonToken got = json.nextToken();
            if (got != wanted) {
                throw bad(what, got == null ? "the end" : got.toString(), wanted.toString());
            }
        }

        private MalformedFileException bad(String what, String got, String expected) {
            return new MalformedFileException(file + ": " + Json.shortened(what) + ": got " + got + "; expected "
                    + expected);
        }
    }
}
