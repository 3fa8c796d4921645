package s4j.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/** The key of a server that speaks TLS: a PKCS 12 file, as {@code keytool -genkeypair -storetype PKCS12} or openssl make it. */
final class Keystore {
    /** Reads it, or says what is wrong with it. */
    static SSLContext read(Path file, @Nullable String password) throws IOException {
        char[] secret = (password == null ? "" : password).toCharArray();
        try {
            KeyStore keys = KeyStore.getInstance(file.toFile(), secret);
            boolean own = false;
            for (String alias : Collections.list(keys.aliases())) {
                own |= keys.isKeyEntry(alias);
            }
            if (!own) {
                throw new IOException("no private key");
            }
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, secret);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) { // no file is the last
            throw new MalformedFileException(
                    "keystore %s: %s; expected a PKCS 12 file with a private key, and its password in S4_KEYSTORE_PASSWORD"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private Keystore() {}
}
