package s4j.data;

/**
 * A recording with its class, before it is read.
 *
 * @param name in its {@link Recordings}
 * @param label number of its class
 * @param part the split it belongs to
 */
record Clip(String name, int label, Part part) {
    /** The splits. */
    enum Part {
        TRAIN, VALIDATION, TEST
    }

    /** The folder it lies in. */
    static String folder(String name) {
        String[] parts = name.split("/", -1);
        return parts.length < 2 ? "" : parts[parts.length - 2];
    }

    /** The file's name without folders and ending. */
    static String base(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        int dot = file.lastIndexOf('.');
        return dot < 0 ? file : file.substring(0, dot);
    }

    /** As official lists name it, without ending: {@code folder/file}. */
    static String listed(String name) {
        return folder(name) + "/" + base(name);
    }

    /**
     * One that was read.
     *
     * @param samples at the data set's rate, not padded
     * @param label number of its class
     * @param part the split it belongs to
     */
    record Sound(PackedSound samples, int label, Part part) {}
}
