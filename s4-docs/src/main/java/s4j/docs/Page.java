package s4j.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * A page: a file in Markdown.
 *
 * @param source the file, below the root of the sources
 * @param target where it goes, below the root of the site
 * @param title its first heading
 * @param content parsed
 */
record Page(Path source, Path target, String title, Node content) {
    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create(),
            HeadingAnchorExtension.create());
    private static final Pattern ANCHOR = Pattern.compile("<h\\d id=\"([^\"]+)\"");

    /** Reads one. */
    static Page read(Path root, Path source) throws IOException {
        Node content = Parser.builder().extensions(EXTENSIONS).build().parse(Files.readString(root.resolve(source)));
        return new Page(source, target(source), title(content, source), content);
    }

    /** README.md is what a directory shows. */
    static Path target(Path source) {
        String name = source.getFileName().toString();
        return source.resolveSibling(
                name.equals("README.md") ? "index.html" : name.replaceFirst("\\.md$", "") + ".html");
    }

    private static String title(Node content, Path source) {
        for (Node n = content.getFirstChild(); n != null; n = n.getNext()) {
            if (n instanceof Heading) {
                StringBuilder text = new StringBuilder();
                n.accept(new AbstractVisitor() {
                    @Override
                    public void visit(Text t) { text.append(t.getLiteral()); }

                    @Override
                    public void visit(Code c) { text.append(c.getLiteral()); }
                });
                return text.toString();
            }
        }
        return source.toString();
    }

    /** As HTML. What looks like HTML in the source is shown as it stands there. */
    String html() {
        return HtmlRenderer.builder().extensions(EXTENSIONS).escapeHtml(true).build().render(content);
    }

    /** What a link may name behind its {@code #}. */
    Set<String> anchors() {
        Set<String> out = new LinkedHashSet<>();
        Matcher m = ANCHOR.matcher(html());
        while (m.find()) {
            out.add(m.group(1));
        }
        return out;
    }
}
