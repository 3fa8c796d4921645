package s4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static s4j.config.BinderTest.tree;
import static s4j.testkit.Messages.assertFails;

import org.junit.jupiter.api.Test;

/** Layers of configuration: merge, set, delete, print. */
class ConfigTreeTest {
    private static final Origin LATER = Origin.commandLine("later");

    private static ConfigTree later(Object value) { return ConfigTree.of(value, LATER); }

    @Test
    void laterLayersWinAndMapsMergeDeep() {
        ConfigTree merged = tree("{\"a\":{\"b\":1,\"c\":[1,2]},\"d\":4}")
                .merge(tree("{\"a\":{\"c\":[3],\"e\":null},\"f\":true}"));
        assertEquals("{\"a\":{\"b\":1,\"c\":[3],\"e\":null},\"d\":4,\"f\":true}", merged.toJson());
    }

    @Test
    void aPlainWordMergesAsTheNameItStandsFor() {
        ConfigTree merged = tree("{\"encoder\":\"linear\"}").merge(tree("{\"encoder\":{\"bias\":true}}"));
        assertEquals("{\"encoder\":{\"_name_\":\"linear\",\"bias\":true}}", merged.toJson());
        assertEquals("{\"encoder\":\"id\"}", merged.merge(tree("{\"encoder\":\"id\"}")).toJson());
    }

    @Test
    void setAndDeleteByPath() {
        ConfigTree set = tree("{\"a\":{\"b\":1}}").with("a.c.d", later(2)).with("a.b", later("x"));
        assertEquals("{\"a\":{\"b\":\"x\",\"c\":{\"d\":2}}}", set.toJson());
        ConfigTree found = set.find("a.b");
        assertEquals(new ConfigTree.Scalar("x", LATER), found);
        assertNull(set.find("a.b.c"));
        assertEquals("{\"a\":{\"c\":{}}}", set.without("a.c.d").without("a.b").toJson());
        assertSame(set, set.without("nothing"));
    }

    @Test
    void settingBelowAValueIsRefused() {
        assertFails(ConfigException.class, () -> tree("{\"lr\":0.002}").with("lr.dt", later(1)),
                "cannot set lr.dt (command line: later): lr is 0.002 (x.yaml:7), not a map. Give the whole lr");
        assertFails(ConfigException.class, () -> tree("{}").with("a..b", later(1)), "path 'a..b'", "empty part");
    }

    @Test
    void yamlIsPrintedPlainlyAndQuotedWhereItMustBe() {
        ConfigTree t = tree("{\"a\":{\"b\":[1,2.5,\"x\"],\"B_init\":\"diag-lin\"},\"none\":null,\"yes\":\"true\","
                + "\"n\":1e-8,\"p\":\"C:\\\\x: #\",\"e\":{},\"s\":\"\",\"d\":\"12\",\"i\":100.0}");
        assertEquals("""
                a:
                  b: [1, 2.5, x]
                  B_init: diag-lin
                none: null
                "yes": "true"
                "n": 1e-8
                p: "C:\\\\x: #"
                e: {}
                s: ""
                d: "12"
                i: 100.0
                """, t.toYaml());
    }

    @Test
    void longKeysAreRefusedAndNobodySearchesForTheirNeighbours() {
        String dots = "a" + ".a".repeat(60_000);
        String message = s4j.testkit.Refusal.messageOf(ConfigException.class,
                () -> ConfigTree.empty(new Origin("test")).with(dots, ConfigTree.of(1, new Origin("test"))));
        org.junit.jupiter.api.Assertions.assertTrue(message.contains("120,001 characters"), message);
        String word = "x".repeat(5_000_000);
        long cost = s4j.testkit.Hostile.allocated(
                () -> Words.suggestion(word, java.util.List.of("pool", "standard")));
        org.junit.jupiter.api.Assertions.assertTrue(cost < 1 << 20, "allocated " + cost);
    }
}
