package s4j.train.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static s4j.testkit.Messages.assertFails;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;

/** Plain YAML 1.2 with lines, and nothing more than that. */
class YamlTest {
    private static ConfigTree value(String text) { return Yaml.value(text, Origin.commandLine(text)); }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"5|5", "-7|-7", "0x1F|31", "0o17|15", "1e-3|0.001",
            "1.|1.0", ".5|0.5", "1_000|\"1_000\"", "true|true", "False|false", "yes|\"yes\"", "null|null", "~|null",
            "``|null", "'5'|\"5\"", "diag-lin|\"diag-lin\"", "/tmp/a b|\"/tmp/a b\"", "[1, 2.5, x]|[1,2.5,\"x\"]",
            "{dt: null, A: 0.001}|{\"dt\":null,\"A\":0.001}", "[]|[]", "12:30|\"12:30\"", "1e3|1000.0"})
    void scalarsFollowTheCoreSchema(String text, String json) { assertEquals(json, value(text).toJson()); }

    @Test
    void everyNodeKnowsItsLine() {
        ConfigTree tree = Yaml.read("# c\nmodel:\n  layer:\n    d_state: 4\n  list:\n    - 1\n    - two\n", "x.yaml");
        ConfigTree dState = tree.find("model.layer.d_state");
        assertNotNull(dState);
        assertEquals("x.yaml:4", dState.origin().place());
        assertEquals("{\"model\":{\"layer\":{\"d_state\":4},\"list\":[1,\"two\"]}}", tree.toJson());
        assertEquals("{}", Yaml.read("# nothing\n", "x.yaml").toJson());
        assertEquals("{}", Yaml.read("", "x.yaml").toJson());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a: 1\\na: 2|x.yaml:2: got the key a a second time; expected each key once",
            "a: &x 1|x.yaml:1: got an anchor", "a: *x|x.yaml:1: got an alias", "a: !!str 1|x.yaml:1: got a tag",
            "a: !java.io.File x|x.yaml:1: got a tag", "a: !!map {}|x.yaml:1: got a tag",
            "a: 1\\n---\\nb: 2|x.yaml:2: got a second document", "a: [1, 2|x.yaml:", "a: 1\\n\\tb: 2|not valid YAML",
            "a: 99999999999999999999|at most 63 bits", "? [a]: b|a key that is no word",
            "a: b: c|x.yaml:1: not valid YAML"})
    void whatIsNotPlainYamlIsRefusedWithItsLine(String text, String message) {
        assertFails(ConfigException.class, () -> Yaml.read(text.replace("\\n", "\n").replace("\\t", "\t"), "x.yaml"),
                message);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 100_000})
    void deepNestingIsRefused(int depth) {
        assertFails(ConfigException.class, () -> Yaml.read("[".repeat(depth), "x.yaml"), "nesting deeper than 32");
    }

    @Test
    void hugeFilesAreRefused() {
        assertFails(ConfigException.class, () -> Yaml.read("a: " + "x".repeat(Yaml.MAX_SIZE), "x.yaml"), "x.yaml:1");
    }
}
