package s4j.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import s4j.io.AtomicFile;
import s4j.model.SequenceBatch;
import s4j.train.RunException;
import s4j.train.Trained;

/** Predictions as CSV: {@code label,predicted,score_0,score_1,…}, one line a sequence in the order of the split. */
final class PredictionsFile implements Trained.Watcher {
    private final StringBuilder lines = new StringBuilder();

    @Override
    public void evaluated(SequenceBatch batch, float[] scores) {
        int[] labels = batch.labels();
        if (labels == null) {
            throw new RunException("--predictions: a batch without labels");
        }
        int classes = scores.length / batch.size();
        if (lines.isEmpty()) {
            lines.append("label,predicted");
            for (int c = 0; c < classes; c++) {
                lines.append(",score_").append(c);
            }
            lines.append('\n');
        }
        for (int i = 0; i < batch.size(); i++) {
            int best = 0;
            for (int c = 1; c < classes; c++) {
                if (scores[i * classes + c] > scores[i * classes + best]) {
                    best = c;
                }
            }
            lines.append(labels[i]).append(',').append(best);
            for (int c = 0; c < classes; c++) {
                lines.append(',').append(scores[i * classes + c]);
            }
            lines.append('\n');
        }
    }

    /** Writes what was gathered. */
    void write(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(file, out -> {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        });
    }
}
