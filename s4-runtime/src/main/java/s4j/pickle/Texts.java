package s4j.pickle;

/** Texts from files, fit for one line of a message. */
final class Texts {
    private static final int LONGEST = 120;

    static String shortened(String text) {
        String start = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return start.replaceAll("\\p{Cntrl}", "?");
    }

    private Texts() {}
}
