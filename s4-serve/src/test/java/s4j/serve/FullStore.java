package s4j.serve;

import java.io.IOException;

/** A store that keeps nothing and gives nothing back: its disk is full. */
record FullStore() implements StateStore {
    @Override
    public void put(String id, Resting stream) throws IOException { throw new IOException("disk full"); }

    @Override
    public Resting get(String id) throws IOException { throw new IOException("disk full"); }

    @Override
    public void remove(String id) {}

    @Override
    public long size() { return 0; }

    @Override
    public void close() {}
}
