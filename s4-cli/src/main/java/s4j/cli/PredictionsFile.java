package s4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import s4j.io.AtomicFile;
import s4j.model.SequenceBatch;
import s4j.train.task.Evaluator;
import s4j.train.task.Task;

/** Predictions as CSV, one line a sequence in the order of the split: of classes {@code label,predicted,score_0,score_1,…}. */
final class PredictionsFile implements Evaluator.Watcher {
    private final Task.PredictionRows rows;
    private final StringBuilder lines = new StringBuilder();

    PredictionsFile(Task.PredictionRows rows) {
        this.rows = rows;
        lines.append(CsvLine.of(rows.header()));
    }

    @Override
    public void evaluated(SequenceBatch batch, float[] outputs) {
        for (int i = 0; i < batch.size(); i++) {
            lines.append(CsvLine.of(rows.row(batch, outputs, i)));
        }
    }

    /** Writes what was gathered. */
    void write(Path file) throws IOException {
        AtomicFile.write(file, lines.toString());
    }
}
