package s4j.train.report;

import java.util.Map;

/** What every page shares: the style sheet, sections, lists of facts. */
public final class Page {
    /** Colours in light and dark, and what charts use: also inside charts that are files of their own. */
    static final String CHART_STYLE = """
            :root { color-scheme: light dark; --bg: #fff; --fg: #1d2430; --soft: #5c6675; --rule: #d9dee6; --card: #f6f8fa;
              --c0: #1f6feb; --c1: #d1571a; --c2: #1a8754; --c3: #8250c4; --c4: #b8860b; --c5: #c2255c; --hit: #1f6feb; --miss: #d1571a; }
            @media (prefers-color-scheme: dark) { :root { --bg: #12161c; --fg: #e3e8ef; --soft: #98a3b3; --rule: #333c49;
              --card: #1a2029; --c0: #6cabff; --c1: #ff9a5c; --c2: #5bd49a; --c3: #c3a0ff; --c4: #e0b84c; --c5: #ff7aa8; --hit: #2f6fce; --miss: #b4521d; } }
            svg text { fill: var(--soft); font: 11.5px system-ui, sans-serif; }
            .grid { stroke: var(--rule); } .axis { stroke: var(--soft); fill: none; }
            .line { fill: none; stroke-width: 1.7; stroke-linejoin: round; } .dot { stroke: var(--card); stroke-width: 1.5; }
            .line.c0 { stroke: var(--c0); } .line.c1 { stroke: var(--c1); } .line.c2 { stroke: var(--c2); } .line.c3 { stroke: var(--c3); }
            .line.c4 { stroke: var(--c4); } .line.c5 { stroke: var(--c5); } .dot.c4 { fill: var(--c4); } .dot.c5 { fill: var(--c5); }
            .dot.c0 { fill: var(--c0); } .dot.c1 { fill: var(--c1); } .dot.c2 { fill: var(--c2); } .dot.c3 { fill: var(--c3); }
            """;

    private static final String STYLE = CHART_STYLE
            + """
                    * { box-sizing: border-box; }
                    body { margin: 0; background: var(--bg); color: var(--fg); font: 15px/1.5 system-ui, sans-serif; }
                    main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 60px; }
                    h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .7rem; }
                    .headline { margin: .3rem 0 1rem; color: var(--soft); } .headline strong { font-size: 2.2rem; color: var(--fg); }
                    dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: .6rem 1.5rem; margin: 0; }
                    dt { color: var(--soft); font-size: .85rem; } dd { margin: 0; overflow-wrap: anywhere; }
                    figure { margin: 0; } figcaption { font-weight: 600; }
                    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 18px; }
                    .charts figure { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 12px; }
                    svg { width: 100%; height: auto; display: block; margin-top: 6px; }
                    .scroll { overflow-x: auto; } caption { caption-side: bottom; text-align: left; color: var(--soft); padding-top: 6px; }
                    .confusion { border-collapse: separate; border-spacing: 2px; font-variant-numeric: tabular-nums; }
                    .confusion td, .confusion th { min-width: 44px; padding: 5px 7px; text-align: right; border-radius: 4px; }
                    .hit { background: color-mix(in srgb, var(--hit) var(--v), transparent); }
                    .miss { background: color-mix(in srgb, var(--miss) var(--v), transparent); } .deep { color: #fff; }
                    .digits { display: grid; grid-template-columns: repeat(auto-fill, minmax(92px, 1fr)); gap: 12px; }
                    .digits figure { text-align: center; } .digits figcaption { font-weight: 400; line-height: 1.3; margin-top: 3px; }
                    .digits small { color: var(--soft); } img { image-rendering: pixelated; border-radius: 4px; }
                    pre { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 12px; overflow-x: auto; }
                    details { margin-top: 1rem; } summary { cursor: pointer; }
                    """;

    /** Up to where the content begins. */
    public static String head(String title) {
        return "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>" + Html.text(title)
                + "</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>\n" + STYLE
                + "</style>\n<main>";
    }

    /** A headed section. */
    public static void section(StringBuilder out, String heading, String content) {
        out.append("\n<section><h2>").append(Html.text(heading)).append("</h2>").append(content).append("</section>");
    }

    /** Names and values. */
    public static String facts(Map<String, String> facts) {
        StringBuilder out = new StringBuilder("<dl>");
        facts.forEach((name, value) -> out.append("<div><dt>").append(Html.text(name)).append("</dt><dd>")
                .append(Html.text(value)).append("</dd></div>"));
        return out.append("</dl>").toString();
    }

    private Page() {}
}
