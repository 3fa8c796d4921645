package s4j.train.report;

/**
 * The number at the top of a report.
 *
 * @param number e.g. {@code 98.62 %}
 * @param words what it is, e.g. {@code test accuracy}
 */
public record Headline(String number, String words) {}
