package s4j.serve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The OpenAPI description of the routes. */
final class OpenApi {
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)\\}");

    static Map<String, Object> of(List<Route> routes) {
        Map<String, Object> paths = new TreeMap<>();
        for (Route route : routes) {
            @SuppressWarnings("unchecked")
            Map<String, Object> methods = (Map<String, Object>) paths.computeIfAbsent(route.path(),
                    p -> new TreeMap<String, Object>());
            methods.put(route.method().toLowerCase(Locale.ROOT), operation(route));
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("openapi", "3.1.0");
        out.put("info", Map.of("title", "s4j", "version", s4j.io.Version.current()));
        out.put("paths", paths);
        out.put("components", Map.of("securitySchemes", Map.of("token", Map.of("type", "http", "scheme", "bearer"))));
        return out;
    }

    private static Map<String, Object> operation(Route route) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("summary", route.summary());
        List<Object> parameters = new ArrayList<>();
        Matcher m = PARAMETER.matcher(route.path());
        while (m.find()) {
            parameters.add(
                    Map.of("name", m.group(1), "in", "path", "required", true, "schema", Map.of("type", "string")));
        }
        out.put("parameters", parameters);
        if (route.method().equals("POST")) {
            out.put("requestBody",
                    Map.of("content", Map.of("application/json", Map.of("schema", Map.of("type", "object")))));
        }
        out.put("responses", Map.of("200", Map.of("description", "the answer"), "4XX",
                Map.of("description", "{\"error\": why}")));
        return out;
    }

    private OpenApi() {}
}
