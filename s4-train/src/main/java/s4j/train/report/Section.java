package s4j.train.report;

/**
 * A headed part of a page.
 *
 * @param heading plain text
 * @param html its content, which may only hold what {@link Html#text} made of foreign text
 */
public record Section(String heading, String html) {}
