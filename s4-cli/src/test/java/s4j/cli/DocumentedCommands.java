package s4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands that README.md and docs/ tell of. */
final class DocumentedCommands {
    private static final Pattern INLINE = Pattern.compile("`([^`]*\\./s4 [^`]*)`");
    private static final Pattern WORD = Pattern.compile("((?:'[^']*'|\"[^\"]*\"|[^\\s'\"])+)");
    private static final String COMMAND = "./s4 ";

    /**
     * One of them.
     *
     * @param where file and line
     * @param words behind {@code ./s4}
     * @param whole not a mention in a sentence, which may leave out what it needs
     * @param error what it is said to fail with; empty: it does not
     * @param foreign whether it needs jars of somebody else
     */
    record Documented(String where, List<String> words, boolean whole, String error, boolean foreign) {
        @Override
        public String toString() { return where + ": ./s4 " + String.join(" ", words); }
    }

    static List<Documented> all(Path root) throws IOException {
        List<Documented> out = new ArrayList<>();
        try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            for (Path file : Stream.concat(Stream.of(root.resolve("README.md")),
                    docs.filter(f -> f.toString().endsWith(".md")).sorted()).toList()) {
                read(root.relativize(file).toString().replace('\\', '/'), Files.readAllLines(file), out);
            }
        }
        return out;
    }

    private static void read(String name, List<String> lines, List<Documented> out) {
        boolean fenced = false;
        StringBuilder text = new StringBuilder();
        int begin = 1;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            fenced ^= line.strip().startsWith("```");
            if (fenced || line.startsWith("    ")) {
                String whole = line.strip();
                int at = i + 1;
                while (whole.endsWith("\\") && i + 1 < lines.size()) {
                    whole = whole.substring(0, whole.length() - 1) + lines.get(++i).strip();
                }
                String next = i + 1 < lines.size() ? lines.get(i + 1).strip() : "";
                block(name + ":" + at, whole, next.startsWith("s4: ") ? next.substring(4) : "", out);
            } else if (line.isBlank() || line.startsWith("|") || line.startsWith("*")) {
                mentions(name + ":" + begin, text.toString(), out);
                text.setLength(0);
                begin = i + 1;
                text.append(line);
            } else {
                text.append(' ').append(line);
            }
        }
        mentions(name + ":" + begin, text.toString(), out);
    }

    private static void block(String where, String line, String error, List<Documented> out) {
        int at = line.indexOf(COMMAND);
        if (at < 0 || line.startsWith("#")) {
            return;
        }
        String command = line.substring(at).replaceFirst("\\s+#\\s.*$", "").replaceFirst("\\s{2,}.*$", "")
                .replaceFirst("\\s[<>|]\\s.*$", "");
        add(new Documented(where, words(command), !command.contains("…"), error, line.contains("S4_CLASSPATH=")), out);
    }

    private static void mentions(String where, String text, List<Documented> out) {
        Matcher m = INLINE.matcher(text);
        while (m.find()) {
            String command = m.group(1).substring(m.group(1).indexOf(COMMAND));
            add(new Documented(where, words(command), false, "", false), out);
        }
    }

    /** As a shell splits them; of alternatives the first; what stands for something else as an example of that. */
    private static List<String> words(String command) {
        List<String> out = new ArrayList<>();
        Matcher m = WORD.matcher(command.substring(COMMAND.length()));
        while (m.find()) {
            String word = m.group(1).replaceAll("(?<!\\\\)['\"]", "").replaceFirst("\\\\\\|.*$", "");
            if (!word.contains("…")) {
                out.add(word.replaceFirst("^[KS]$", "1").replaceFirst("^dataset=NAME$", "dataset=mnist")
                        .replaceFirst("^key=value$", "").replace("s4-SET", "s4-etth1").replace(",H]", ",96]"));
            } else if (word.contains("=")) {
                out.add(word.replace("…", "x"));
            }
        }
        out.removeIf(String::isEmpty);
        return out;
    }

    /** What the launcher takes away before the command sees it: JMH and its options; or nothing but the name. */
    private static void add(Documented c, List<Documented> out) {
        if (!c.words.isEmpty() && !c.words.contains("--jmh")) {
            out.add(c);
        }
    }

    private DocumentedCommands() {}
}
