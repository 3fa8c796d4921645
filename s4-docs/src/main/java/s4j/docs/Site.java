package s4j.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;

/**
 * A site of the documentation: a page for each file in Markdown, beside it what it links to, on each page a list of all. A link to what
 * is not there fails. It needs no network, and no script.
 */
public final class Site {
    private static final List<String> TOP = List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md");
    private static final String ELSEWHERE = "^[a-z]+:.*";

    private final Path root;
    private final Path out;
    private final Map<Path, Page> pages = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();

    private Site(Path root, Path out) {
        this.root = root;
        this.out = out;
    }

    /**
     * Makes it.
     *
     * @param root of the sources
     * @param out directory of the site
     * @return how many pages it has
     * @throws IOException where a link goes nowhere: all of them, a line each
     */
    public static int build(Path root, Path out) throws IOException {
        Site site = new Site(root.toAbsolutePath().normalize(), out.toAbsolutePath().normalize());
        site.read();
        for (Page page : site.pages.values()) {
            site.link(page);
        }
        if (!site.broken.isEmpty()) {
            throw new IOException("links that go nowhere:\n  " + String.join("\n  ", site.broken));
        }
        for (Page page : site.pages.values()) {
            site.write(page);
        }
        return site.pages.size();
    }

    private void read() throws IOException {
        List<Path> sources = new ArrayList<>();
        TOP.stream().map(Path::of).filter(f -> Files.exists(root.resolve(f))).forEach(sources::add);
        try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            docs.filter(f -> f.toString().endsWith(".md")).map(root::relativize).forEach(sources::add);
        }
        for (Path source : sources) {
            pages.put(source, Page.read(root, source));
        }
    }

    /** Points links at pages of the site; copies what else they name. */
    private void link(Page page) {
        page.content().accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                link.setDestination(linked(page, link.getDestination()));
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                image.setDestination(linked(page, image.getDestination()));
                visitChildren(image);
            }
        });
    }

    private String linked(Page page, String destination) {
        if (destination.matches(ELSEWHERE)) {
            return destination;
        }
        int hash = destination.indexOf('#');
        String path = hash < 0 ? destination : destination.substring(0, hash);
        String anchor = hash < 0 ? "" : destination.substring(hash + 1);
        Path named = path.isEmpty()
                ? page.source()
                : root.relativize(root.resolve(page.source()).resolveSibling(path).normalize());
        Path source = pages.containsKey(named.resolve("README.md")) ? named.resolve("README.md") : named;
        Page to = pages.get(source);
        if (to == null ? !copied(source) : !anchor.isEmpty() && !to.anchors().contains(anchor)) {
            broken.add("%s: %s".formatted(page.source(), destination));
            return destination;
        }
        Path target = to == null ? source : to.target();
        return relative(page.target(), target) + (anchor.isEmpty() ? "" : "#" + anchor);
    }

    private boolean copied(Path source) {
        Path from = root.resolve(source).normalize();
        if (!from.startsWith(root) || !Files.isRegularFile(from)) {
            return false;
        }
        try {
            Path to = out.resolve(source);
            Files.createDirectories(Objects.requireNonNull(to.getParent()));
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String relative(Path page, Path target) {
        Path from = page.getParent();
        return (from == null ? target : from.relativize(target)).toString().replace('\\', '/');
    }

    private void write(Page page) throws IOException {
        String html = resource("page.html").replace("{title}", escaped(page.title()))
                .replace("{style}", resource("style.css")).replace("{pages}", list(page))
                .replace("{content}", page.html());
        Path file = out.resolve(page.target());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, html);
    }

    /** All pages, those of a directory together. */
    private String list(Page here) {
        Map<String, List<Page>> groups = new TreeMap<>();
        for (Page p : pages.values()) {
            Path parent = p.source().getParent();
            groups.computeIfAbsent(parent == null ? "" : parent.toString().replace('\\', '/'), d -> new ArrayList<>())
                    .add(p);
        }
        StringBuilder html = new StringBuilder();
        groups.forEach((directory, some) -> {
            boolean open = directory.isEmpty() || directory.equals("docs") || some.contains(here);
            html.append("<details").append(open ? " open" : "").append("><summary>")
                    .append(directory.isEmpty() ? "s4j" : escaped(directory)).append("</summary><ul>\n");
            some.sort(Comparator
                    .comparing(p -> p.source().getFileName().toString().equals("README.md") ? "" : p.title()));
            for (Page p : some) {
                html.append("<li><a href=\"").append(escaped(relative(here.target(), p.target()))).append('"')
                        .append(p.source().equals(here.source()) ? " aria-current=\"page\"" : "").append('>')
                        .append(escaped(p.title()))
                        .append("</a></li>\n");
            }
            html.append("</ul></details>\n");
        });
        return html.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Site.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** {@code Site ROOT OUT}. */
    public static void main(String[] args) {
        try {
            int pages = build(Path.of(args[0]), Path.of(args[1]));
            System.out.println(pages + " pages: " + Path.of(args[1]).normalize().resolve("index.html"));
        } catch (IOException e) {
            System.err.println("site: " + e.getMessage());
            System.exit(1);
        }
    }
}
