package s4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import s4j.io.ModelFile;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;

/**
 * The one reader of model files for all commands: a file that is damaged, that names lengths no network has, or whose tensors do
 * not fit its configuration is refused here, before anything is built of it.
 */
final class ModelInput {
    /**
     * Reads and checks a file.
     *
     * @throws s4j.io.MalformedFileException with a message for the user
     */
    static ModelFile read(Path file) throws IOException {
        ModelFile model = ModelFile.read(file);
        S4Model.of(model, file.toString(), ModelOptions.standard());
        return model;
    }

    private ModelInput() {}
}
