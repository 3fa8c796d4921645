package s4j.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documentation as a site. */
final class SiteTest {
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");

    @TempDir
    Path tmp;

    private Path site() { return tmp.resolve("site"); }

    private void write(String file, String text) throws IOException {
        Path path = tmp.resolve("root").resolve(file);
        Files.createDirectories(java.util.Objects.requireNonNull(path.getParent()));
        Files.writeString(path, text);
    }

    private String page(String file) throws IOException { return Files.readString(site().resolve(file)); }

    @Test
    void everyLinkOfTheWholeDocumentationGoesToAFileOfTheSite() throws IOException {
        int pages = Site.build(Path.of(".."), site());
        assertTrue(pages > 30, pages + " pages");
        List<String> broken = new ArrayList<>();
        int links = 0;
        try (var all = Files.walk(site())) {
            for (Path file : all.filter(f -> f.toString().endsWith(".html")).toList()) {
                Matcher m = LINK.matcher(Files.readString(file));
                while (m.find()) {
                    String to = m.group(1).replaceFirst("#.*$", "");
                    if (!to.isEmpty() && !to.matches("^[a-z]+:.*")) {
                        links++;
                        if (!Files.isRegularFile(file.resolveSibling(to))) {
                            broken.add(site().relativize(file) + ": " + to);
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), broken);
        assertTrue(links > pages * pages, links + " links: every page lists all");
        String start = page("index.html");
        assertFalse(start.contains("<script") || Pattern.compile("(src|@import)[^>]*https?:").matcher(start).find(),
                "something of the network");
    }

    @Test
    void linksBetweenPagesBecomeLinksBetweenPages() throws IOException {
        write("README.md",
                "# Start\n[one](docs/one.md#a-b) [more](docs/more/) [data](docs/data.csv) [out](https://example.com/x.md)\n");
        write("docs/one.md", "# One\n## A b\n[back](../README.md) [below](#a-b) ![picture](p.svg)\n");
        write("docs/more/README.md", "# More\n[one](../one.md)\n");
        write("docs/data.csv", "1,2\n");
        write("docs/p.svg", "<svg/>");
        assertEquals(3, Site.build(tmp.resolve("root"), site()));
        String start = page("index.html");
        for (String link : List.of("docs/one.html#a-b", "docs/more/index.html", "docs/data.csv",
                "https://example.com/x.md")) {
            assertTrue(start.contains("href=\"" + link + "\""), link + " in " + start);
        }
        assertTrue(page("docs/one.html").contains("href=\"../index.html\""), page("docs/one.html"));
        assertTrue(page("docs/more/index.html").contains("href=\"../one.html\""));
        assertEquals("1,2\n", page("docs/data.csv"));
        assertEquals("<svg/>", page("docs/p.svg"));
    }

    @Test
    void linksThatGoNowhereAreAllNamed() throws IOException {
        write("README.md", "# Start\n[a](docs/none.md) [b](docs/one.md#none) [c](../outside.md)\n");
        write("docs/one.md", "# One\n![d](none.png)\n");
        write("../outside.md", "# Outside\n");
        assertFails(IOException.class, () -> Site.build(tmp.resolve("root"), site()), "README.md: docs/none.md");
        assertFails(IOException.class, () -> Site.build(tmp.resolve("root"), site()), "README.md: docs/one.md#none");
        assertFails(IOException.class, () -> Site.build(tmp.resolve("root"), site()), "README.md: ../outside.md");
        assertFails(IOException.class, () -> Site.build(tmp.resolve("root"), site()), "one.md: none.png");
    }

    @Test
    void whatLooksLikeHtmlIsShownAndTablesAreTables() throws IOException {
        write("README.md", "# A <b> & `c`\n\n| x | y |\n|---|---|\n| 1 | <script>alert(1)</script> |\n");
        write("docs/one.md", "no heading\n");
        Site.build(tmp.resolve("root"), site());
        String start = page("index.html");
        assertTrue(start.contains("<table>") && start.contains("&lt;script&gt;"), start);
        assertFalse(start.contains("<script"), start);
        assertTrue(start.contains("aria-current=\"page\""), start);
        assertTrue(page("docs/one.html").contains("<title>docs/one.md</title>"));
    }
}
