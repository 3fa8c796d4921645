package s4j.data;

/**
 * Text as three long rows of tokens, in reading order.
 *
 * @param train to train on
 * @param validation to choose by; may be empty
 * @param test to report on
 * @param first the token that is taken to stand before each row
 */
public record Corpus(Tokens train, Tokens validation, Tokens test, int first) {}
