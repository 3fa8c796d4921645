package s4j.train;

import java.io.IOException;
import java.nio.file.Path;
import s4j.torch.distributed.Group;
import s4j.train.run.Checkpoint;

/** A checkpoint that rank 0 reads for all workers: no other need see its disk. */
public final class SharedCheckpoint {
    private SharedCheckpoint() {}

    /** Read by rank 0. */
    public static Checkpoint read(Group group, Path file) throws IOException {
        if (group.size() == 1) {
            return Checkpoint.read(file);
        }
        if (!group.leads()) {
            return Checkpoint.fromBytes(group.broadcast(new byte[0]), file + " at rank 0");
        }
        Checkpoint checkpoint = Checkpoint.read(file);
        group.broadcast(checkpoint.toBytes());
        return checkpoint;
    }
}
