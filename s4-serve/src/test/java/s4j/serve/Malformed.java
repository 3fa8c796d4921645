package s4j.serve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Kinds of malformed requests, by name: bodies for a path. */
final class Malformed {
    static final String GOOD = "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4,1],\"data\":[1,2,3,4]}]}";
    private static final String INFER = "/v2/models/sines/infer";

    /** A request that must be refused. */
    record Kind(String name, String method, String path, byte[] body, Map<String, String> headers) {}

    private final List<Kind> kinds = new ArrayList<>();

    private void post(String name, String path, String body) {
        kinds.add(new Kind(name, "POST", path, body.getBytes(java.nio.charset.StandardCharsets.UTF_8), Map.of()));
    }

    /** All of them. */
    static List<Kind> all(String stream) {
        Malformed m = new Malformed();
        m.tensors();
        m.syntax();
        m.binary();
        m.sequences();
        m.steps(stream);
        m.generation();
        m.tables();
        m.paths();
        return m.kinds;
    }

    private void tensors() {
        List<String> wrong = List.of("null", "true", "-1", "1e400", "\"x\"", "{}", "[[]]", "[null]", "[\"a\"]",
                "[".repeat(400) + "]".repeat(400));
        Map<String, String> fields = new LinkedHashMap<>(Map.of("inputs", GOOD.substring(10, GOOD.length() - 1),
                "datatype", "\"FP32\"", "shape", "[1,4,1]", "data", "[1,2,3,4]"));
        fields.forEach((field, good) -> {
            for (String w : wrong) {
                post(field + " is " + w.substring(0, Math.min(10, w.length())), INFER,
                        GOOD.replace("\"" + field + "\":" + good, "\"" + field + "\":" + w));
            }
            post("no " + field, INFER, GOOD.replace("\"" + field + "\":" + good, "\"other\":1"));
        });
        for (String shape : List.of("[]", "[1]", "[5]", "[2,4,1]", "[1,4,2]", "[1,5,1]", "[1,4,1,1]", "[0,4,1]",
                "[1,0,1]",
                "[1,4,0]", "[-1,4,1]", "[1,-4,-1]", "[1,4.5,1]", "[1,\"4\",1]", "[9999999999999,1,1]",
                "[65536,65536,1]", "[2147483647,2147483647,2147483647]", "[4294967297,4,1]")) {
            post("shape " + shape, INFER, GOOD.replace("[1,4,1]", shape));
        }
        for (String type : List.of("FP33", "fp32", "", "FLOAT", "INT128", "BYTES", "FP32 ", "null")) {
            post("datatype '" + type + "'", INFER, GOOD.replace("FP32", type));
        }
        for (String data : List.of("[1,2,3]", "[1,2,3,4,5]", "[1,2,3,\"4\"]", "[1,2,3,null]", "[1,2,3,[4]]",
                "[[1,2],[3]]",
                "[1,2,3,{}]", "[1,2,3,1e999]", "[1,2,3,-1e999]", "[1,2,3,3e38]", "[[[1],[2],[3]]]", "[]", "1234",
                "\"AAAA\"")) {
            post("data " + data, INFER, GOOD.replace("[1,2,3,4]", data));
        }
    }

    private void syntax() {
        for (int cut = 1; cut < GOOD.length(); cut += 7) {
            post("cut at " + cut, INFER, GOOD.substring(0, cut));
        }
        for (String json : List.of("", " ", "null", "[]", "1", "\"x\"", "true", "{", "}", "{}}", "[1,2", "{\"inputs\"}",
                "{inputs:[]}", "{'inputs':[]}", "{\"inputs\":[],}", "{\"inputs\":[1,]}", "// c\n{}", "\uFEFF{}",
                "\u0000",
                "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":0x10}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":\"\\x\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\n\"}", "[".repeat(100_000),
                "{\"a\":".repeat(50_000),
                "<inputs/>", "inputs=1", "{\"inputs\":[]} {}", "-", "nul")) {
            post("json " + json.substring(0, Math.min(12, json.length())), INFER, json);
        }
        kinds.add(new Kind("bytes that are no text", "POST", INFER, new byte[]{(byte) 0xff, (byte) 0xfe, 0, '{', 0},
                Map.of()));
    }

    private void binary() {
        String header = GOOD.replace(",\"data\":[1,2,3,4]", ",\"parameters\":{\"binary_data_size\":16}");
        for (String length : List.of("-1", "abc", "1e2", "99999999999", "1.5", "0", "7",
                String.valueOf(header.length() + 1),
                String.valueOf(header.length() + 99))) {
            kinds.add(new Kind("header length " + length, "POST", INFER,
                    (header + "0123456789abcdef").getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                    Map.of("Inference-Header-Content-Length", length)));
        }
        for (String size : List.of("-4", "0", "3", "12", "20", "17", "\"16\"", "1e18", "null", "[16]")) {
            String wrong = header.replace(":16}", ":" + size + "}");
            kinds.add(new Kind("binary size " + size, "POST", INFER,
                    (wrong + "0123456789abcdef").getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                    Map.of("Inference-Header-Content-Length", String.valueOf(wrong.length()))));
        }
    }

    private void sequences() {
        for (String parameters : List.of("{\"sequence_id\":7}", "{\"sequence_id\":\"a\"}", "{\"sequence_id\":{}}",
                "{\"sequence_id\":[1]}", "{\"sequence_id\":-3}", "{\"sequence_id\":1.5}",
                "{\"sequence_id\":8,\"sequence_start\":\"yes\"}", "{\"sequence_id\":9,\"sequence_end\":true}")) {
            post("parameters " + parameters, INFER, GOOD.replaceFirst("\\{", "{\"parameters\":" + parameters + ","));
        }
    }

    private void steps(String stream) {
        for (String values : List.of("null", "true", "\"x\"", "{}", "[]", "[[]]", "[[1]]", "[[1,2,3]]", "[[1,2],[3]]",
                "[[1,\"2\"]]", "[[1,null]]", "[[[1,2]]]", "[[1e999,0]]", "[[1e30,0]]", "[[true,0]]", "[1,2,3]", "5")) {
            post("values " + values, "/v1/streams/" + stream + "/steps", "{\"values\":" + values + "}");
        }
        post("no values", "/v1/streams/" + stream + "/steps", "{}");
        post("no body", "/v1/streams/" + stream + "/steps", "");
        for (String id : List.of("0".repeat(32), "f".repeat(31), "x", "..%2f..%2fetc", "%00", "a".repeat(2000))) {
            post("stream " + id.substring(0, Math.min(9, id.length())), "/v1/streams/" + id + "/steps",
                    "{\"values\":[[1,2]]}");
        }
        for (String snapshot : List.of("x", "S4", "\0".repeat(64), "PK\3\4" + "z".repeat(300), "s".repeat(100_000))) {
            post("snapshot of " + snapshot.length(), "/v1/models/plain/streams", snapshot);
        }
    }

    private void generation() {
        for (String body : List.of("{}", "{\"text_input\":null}", "{\"text_input\":5}", "{\"text_input\":[\"a\"]}",
                "{\"text_input\":\"?\"}", "[]", "x")) {
            post("generate " + body, "/v2/models/text/generate", body);
            post("generate_stream " + body, "/v2/models/text/generate_stream", body);
        }
        for (String p : List.of("\"max_tokens\":0", "\"max_tokens\":-5", "\"max_tokens\":1e18", "\"max_tokens\":\"9\"",
                "\"temperature\":-1", "\"temperature\":\"hot\"", "\"temperature\":1e999", "\"top_p\":-0.1",
                "\"top_p\":2",
                "\"top_k\":-1", "\"top_k\":\"all\"", "\"seed\":\"x\"", "\"seed\":[1]")) {
            post("generate " + p, "/v2/models/text/generate", "{\"text_input\":\"a\",\"parameters\":{" + p + "}}");
        }
        for (String query : List.of("seconds=-1", "seconds=0", "seconds=abc", "seconds=1e12", "seconds=NaN", "seed=x",
                "temperature=cold", "temperature=-1")) {
            kinds.add(new Kind("sound " + query, "GET", "/v1/models/sound/sound?" + query, new byte[0], Map.of()));
        }
        post("generate by a classifier", "/v2/models/sines/generate", "{\"text_input\":\"a\"}");
        kinds.add(new Kind("sound of a text", "GET", "/v1/models/text/sound", new byte[0], Map.of()));
    }

    private void tables() {
        for (String csv : List.of("", "\n\n", "unique_id,ds,y", "a", "a,b\n1", "unique_id,ds,y\na,x,1\n",
                "unique_id,ds,y\na,2024-01-01\n",
                "unique_id,ds,y\na,2024-01-01,one\n", "unique_id,ds,y\na,2024-13-45,1\n", "ds,ds,y\n2024-01-01,1,2\n",
                "\u001f\u008b",
                "\"unique_id,ds,y\n", "{\"y\":1}", "\0\0\0", "unique_id,ds,y\na,2024-01-01,1\na,2024-01-01,2\n")) {
            post("table " + csv.strip().substring(0, Math.min(14, csv.strip().length())), "/v1/models/days/forecast",
                    csv);
        }
        for (String horizon : List.of("-1", "abc", "1e9", "NaN")) {
            post("horizon " + horizon, "/v1/models/days/forecast?horizon=" + horizon, PanelsTest.days("a"));
        }
        post("forecast by a classifier", "/v1/models/sines/forecast", PanelsTest.days("a"));
    }

    private void paths() {
        for (String path : List.of("/v2/models/none/infer", "/v2/models/sines/versions/1/infer",
                "/v2/models/%2e%2e/infer",
                "/v2/models//infer", "/v3", "/v1", "/v2/models", "/v1/streams", "/v1/models/none/streams",
                "/..%2f..%2fetc/passwd",
                "/app.js/x", "/" + "a".repeat(3000), "/v2/models/sines%00/infer", "/v2/models/sines/INFER",
                "/.git/config", "/index.html.bak")) {
            post("path " + path.substring(0, Math.min(24, path.length())), path, GOOD);
        }
        for (String method : List.of("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")) {
            kinds.add(new Kind("method " + method, method, INFER, new byte[0], Map.of()));
        }
        kinds.add(new Kind("another site's page", "GET", "/v1/models", new byte[0],
                Map.of("Origin", "https://example.com")));
        kinds.add(new Kind("a page of no site", "GET", "/v1/models", new byte[0], Map.of("Origin", "null")));
    }
}
