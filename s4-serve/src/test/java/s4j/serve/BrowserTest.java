package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.Json;

/** Every panel of the playground in a real browser; {@code S4_CHROMIUM} names it, .ci/run sets it. */
@Tag("outside")
final class BrowserTest {
    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    Path tmp;

    private static String panel(String title) {
        return "[...document.querySelectorAll('section')].find(s => s.querySelector('h2').textContent.includes('"
                + title
                + "'))";
    }

    private Browser browser() throws Exception {
        return new Browser(String.valueOf(System.getenv("S4_CHROMIUM")), tmp.resolve("profile"));
    }

    @Test
    void everyPanelDoesWhatItSays() throws Exception {
        List<Path> files = new ArrayList<>(TestServer.models(tmp));
        files.removeIf(f -> f.endsWith("sound.safetensors")); // of 200 samples a second, which no browser plays
        files.addAll(List.of(SeenModels.voice(tmp), SeenModels.digits(tmp), SeenModels.spotter(tmp),
                SeenModels.forecaster(tmp)));
        try (TestServer server = TestServer.of(files, ServerConfig.DEFAULTS); Browser browser = browser()) {
            browser.open(server.server.address() + "/");
            browser.await("document.querySelectorAll('section').length >= 6");
            assertEquals(false, browser.value(panel("plain") + " !== undefined"), "a network alone has no panel");

            // a digit by keyboard: the probabilities move with the rows
            browser.value(panel("Draw") + ".querySelector('.board').focus()");
            for (String key : List.of("ArrowDown", " ", "ArrowDown", " ")) {
                browser.value(
                        panel("Draw") + ".querySelector('.board').dispatchEvent(new KeyboardEvent('keydown', {key: "
                                + Json.print(key) + ", bubbles: true}))");
            }
            browser.value(panel("Draw") + ".querySelector('.run').click()");
            browser.await(panel("Draw") + ".querySelector('output').textContent.includes('784 of 784')");
            assertEquals(10L, browser.value(panel("Draw") + ".querySelectorAll('.bar').length"));

            browser.value(panel("Classify a series: sines") + ".querySelector('textarea').value = '0.1\\n0.2\\n0.3'");
            browser.value(panel("Classify a series: sines") + ".querySelector('.run').click()");
            browser.await("['slow', 'fast'].includes(" + panel("Classify a series: sines")
                    + ".querySelector('output').textContent)");

            browser.value(panel("Forecast") + ".querySelector('textarea').value = "
                    + Json.print(PanelsTest.days("a", "b")));
            browser.value(panel("Forecast") + ".querySelector('.run').click()");
            browser.await(panel("Forecast") + ".querySelectorAll('svg .band').length === 2");
            assertTrue(String.valueOf(browser.value(panel("Forecast")
                    + ".querySelector('svg').getAttribute('aria-label')")).startsWith("a: 4 steps from 2024-01-31"));
            browser.value(panel("Forecast") + ".querySelector('textarea').value = 'nonsense'");
            browser.value(panel("Forecast") + ".querySelector('.run').click()");
            browser.await(panel("Forecast") + ".querySelector('output').className === 'error'");

            browser.value(panel("Say a word") + ".querySelector('.run').click()");
            browser.await(panel("Say a word") + ".querySelectorAll('.bar').length === 3");
            browser.value(panel("Say a word") + ".querySelector('.stop').click()");
            browser.await(panel("Say a word") + ".querySelector('output').textContent === 'stopped'");

            browser.value(panel("Sound") + ".querySelector('.run').click()");
            browser.await(panel("Sound") + ".querySelector('audio').readyState >= 2");

            browser.value(panel("Text") + ".querySelector('textarea').value = 'abba'");
            browser.value(panel("Text") + ".querySelector('.tokens').value = 40");
            browser.value(panel("Text") + ".querySelector('.run').click()");
            browser.await(panel("Text") + ".querySelector('.said').textContent.length >= 40");

            everyControlHasAName(browser);
            wide(browser, 360);
            Path pictures = Path.of(System.getenv().getOrDefault("S4_PICTURES", tmp.toString()));
            wide(browser, 900);
            Files.write(pictures.resolve("playground.png"), browser.picture());
        }
    }

    private static void everyControlHasAName(Browser browser) {
        Object nameless = browser
                .value("[...document.querySelectorAll('main button, main input, main textarea, main canvas,"
                        + " main svg, main audio')].filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.closest('label') ||"
                        + " e.tagName === 'AUDIO')).length");
        assertEquals(0L, nameless);
    }

    /** On a screen of this width nothing is cut off. */
    private static void wide(Browser browser, int width) {
        browser.command("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 500));
        assertTrue(((Number) java.util.Objects.requireNonNull(
                browser.value("document.documentElement.scrollWidth"))).intValue() <= width, "wider than " + width);
    }

    @Test
    void aServerWithTokensAsksForOne() throws Exception {
        try (TestServer server = TestServer.of(TestServer.models(tmp), ServerConfig.DEFAULTS.with(List.of(TOKEN)));
                Browser browser = browser()) {
            browser.open(server.server.address() + "/");
            browser.await("!document.getElementById('login').hidden");
            browser.value("document.getElementById('token').value = '" + TOKEN
                    + "'; document.querySelector('#login button').click()");
            browser.await("document.querySelectorAll('section').length >= 3");
            assertEquals(true, browser.value("document.getElementById('login').hidden"));
        }
    }
}
