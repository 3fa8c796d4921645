package s4j.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import s4j.generate.Conversation;
import s4j.generate.TokenModel;
import s4j.io.AtomicFile;
import s4j.io.MalformedFileException;
import s4j.train.run.RunException;

/**
 * The file of {@code --state}, read before and written after.
 *
 * @param file null: none
 * @param before what stood in it; null: nothing yet
 */
record GenerateState(@Nullable Path file, @Nullable Conversation before) {
    static GenerateState of(@Nullable Path file, TokenModel model, int samples, Path modelFile) throws IOException {
        if (file == null) {
            return new GenerateState(null, null);
        }
        if (samples != 1) {
            throw new RunException(
                    "--state with --samples " + samples + "; expected one sample, as a state is that of one");
        }
        GeneratedFiles.requireDirectory("--state", file, modelFile);
        if (!Files.exists(file) || Files.size(file) == 0) {
            return new GenerateState(file, null);
        }
        try {
            return new GenerateState(file, Conversation.read(Files.readAllBytes(file), model));
        } catch (MalformedFileException e) {
            throw refused(file, e);
        }
    }

    /** A state's file that is not to be used, with what to do. */
    static MalformedFileException refused(Path file, MalformedFileException e) {
        String message = file + ": " + e.getMessage();
        return new MalformedFileException(
                message + (message.endsWith("?") ? " " : ". ") + "Name another file to start anew", e);
    }

    void save(Conversation after) throws IOException {
        if (file != null) {
            byte[] bytes = after.bytes();
            AtomicFile.write(file, out -> out.write(ByteBuffer.wrap(bytes)));
        }
    }
}
