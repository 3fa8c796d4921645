package s4j.official;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The layouts that are recognised, by the name of a member of their first block. */
enum Layout {
    SASHIMI_NETWORK("SaShiMi with encoder and decoder (official src/)", "model.c_layers.0.") {
        @Override
        void move(Transfer root, Findings findings) throws IOException { Sashimi.move(root, "model.", findings); }
    },
    SASHIMI("SaShiMi (official models/sashimi)", "c_layers.0.") {
        @Override
        void move(Transfer root, Findings findings) throws IOException { Sashimi.move(root, "", findings); }
    },
    EXAMPLE("the official example.py", "s4_layers.0.") {
        @Override
        void move(Transfer root, Findings findings) throws IOException { Isotropic.EXAMPLE.move(root, "", findings); }
    },
    NETWORK("a network of the official src/", "model.layers.0.layer.") {
        @Override
        void move(Transfer root, Findings findings) throws IOException {
            Isotropic.SEQUENCE_MODEL.move(root, "model.", findings);
        }
    },
    BACKBONE("a backbone of the official src/", "layers.0.layer.") {
        @Override
        void move(Transfer root, Findings findings) throws IOException {
            Isotropic.SEQUENCE_MODEL.move(root, "", findings);
        }
    };

    /** Networks in one state dict; a file with more holds something else. */
    private static final int MAX_NETWORKS = 64;

    private final String title;
    private final String anchor;

    Layout(String title, String anchor) {
        this.title = title;
        this.anchor = anchor;
    }

    /** For people. */
    String title() { return title; }

    /** What a name of this layout has in it. */
    String anchor() { return anchor; }

    /** Moves a whole network. */
    abstract void move(Transfer root, Findings findings) throws IOException;

    /** What stands before this layout's names in a state dict: one prefix for each network in it. */
    List<String> prefixes(StateDict states) {
        Set<String> out = new LinkedHashSet<>();
        for (String name : states.names()) {
            int at = name.indexOf(anchor);
            if (at == 0 || (at > 0 && name.charAt(at - 1) == '.')) {
                out.add(name.substring(0, at));
                if (out.size() == MAX_NETWORKS) {
                    break;
                }
            }
        }
        return List.copyOf(out);
    }
}
