package s4j.torch.distributed;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.AllreduceOptions;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.ReduceOp;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.gloo.Device;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Tensors;

/** Workers over gloo: sums in rings over TCP, on the CPU. */
final class GlooGroup implements Group {
    /** The interface to use where the address by which rank 0 is reached is the wrong one; gloo's own word. */
    private static final String INTERFACE = "GLOO_SOCKET_IFNAME";
    private static final String TURN = "turn";
    private static final String LEFT = "left";
    private static final Duration LINGER = Duration.ofSeconds(5);

    /**
     * What a group is made of stays until the process ends: libtorch and JavaCPP count the references to a store differently, and one that is
     * freed behind a group corrupts the heap.
     */
    private static final List<Object> KEPT = Collections.synchronizedList(new ArrayList<>());

    private final World world;
    private final Store store;
    private final Heartbeats heartbeats;
    private final Rendezvous rendezvous;
    private final ProcessGroupGloo gloo;
    private long turns;
    private boolean closed;

    private GlooGroup(World world, Store store, Heartbeats heartbeats, Rendezvous rendezvous, ProcessGroupGloo gloo) {
        this.world = world;
        this.store = store;
        this.heartbeats = heartbeats;
        this.rendezvous = rendezvous;
        this.gloo = gloo;
    }

    static GlooGroup join(World world, String version) {
        Store store = Store.open(world, world.rank() == 0);
        try {
            Rendezvous rendezvous = new Rendezvous(world, store, version);
            rendezvous.meet();
            Heartbeats heartbeats = new Heartbeats(world, Store.open(world, false));
            return new GlooGroup(world, store, heartbeats, rendezvous, connect(world, store));
        } catch (WorldException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new WorldException(
                    "rank %d cannot reach the other workers: %s. Look at the network between them, or set %s"
                            .formatted(world.rank(), Store.firstLine(e), INTERFACE),
                    e);
        }
    }

    private static ProcessGroupGloo connect(World world, Store store) {
        ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(Store.milliseconds(world.limit()));
        options.devices().push_back(device(world));
        options.threads(2);
        PrefixStore prefixed = new PrefixStore("s4", store.handle());
        ProcessGroupGloo gloo = new ProcessGroupGloo(prefixed, world.rank(), world.size(), options);
        KEPT.addAll(List.of(options, prefixed, store.handle()));
        return gloo;
    }

    /** At the address by which rank 0 is reached: that of a name may be one that other machines do not see. */
    private static Device device(World world) {
        String name = System.getenv(INTERFACE);
        if (name != null) {
            return ProcessGroupGloo.createDeviceForInterface(name);
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(world.host(), world.port()));
            return ProcessGroupGloo.createDeviceForHostname(socket.getLocalAddress().getHostAddress());
        } catch (IOException | IllegalArgumentException e) {
            throw new WorldException("MASTER_ADDR=" + world.host() + " is no address that this machine reaches: " + e
                    .getMessage(), e);
        }
    }

    @Override
    public int rank() { return world.rank(); }

    @Override
    public int size() { return world.size(); }

    @Override
    public double[] sum(double... values) { return reduced(ReduceOp.RedOpType.SUM, values); }

    @Override
    public double[] max(double... values) { return reduced(ReduceOp.RedOpType.MAX, values); }

    private double[] reduced(ReduceOp.RedOpType how, double[] values) {
        try (var _ = NativeScope.withoutGradients()) {
            Tensor tensor = Tensor.create(values, values.length);
            await(start(how, tensor));
            return Tensors.doubles(tensor);
        }
    }

    /** Begins to replace a tensor on the CPU by its sum over all workers; the caller holds it until it has waited. */
    Work startSum(Tensor tensor) {
        return start(ReduceOp.RedOpType.SUM, tensor);
    }

    private Work start(ReduceOp.RedOpType how, Tensor tensor) {
        heartbeats.begin();
        return blamed(() -> gloo.allreduce(new TensorVector(tensor),
                new AllreduceOptions().reduceOp(new ReduceOp(how))));
    }

    void await(Work work) { blamed(() -> work._wait()); }

    private <T> T blamed(Supplier<T> exchange) {
        try {
            return exchange.get();
        } catch (RuntimeException e) {
            throw new PeerException(heartbeats.blame(Store.firstLine(e)), e);
        }
    }

    @Override
    public List<byte[]> gather(byte[] own) {
        double[] sizes = new double[size()];
        sizes[rank()] = own.length;
        sizes = sum(sizes);
        int most = (int) Arrays.stream(sizes).max().orElseThrow();
        byte[] all = gathered(Arrays.copyOf(own, Math.max(1, most)));
        List<byte[]> out = new ArrayList<>();
        for (int r = 0; r < size(); r++) {
            int from = r * Math.max(1, most);
            out.add(Arrays.copyOfRange(all, from, from + (int) sizes[r]));
        }
        return out;
    }

    private byte[] gathered(byte[] padded) {
        try (var _ = NativeScope.withoutGradients()) {
            Tensor in = Tensor.create(padded, padded.length);
            Tensor out = Tensor.create(new byte[Math.multiplyExact(padded.length, size())],
                    (long) padded.length * size());
            heartbeats.begin();
            await(blamed(() -> gloo._allgather_base(out, in)));
            return bytes(out);
        }
    }

    @Override
    public byte[] broadcast(byte[] own) {
        int n = (int) max(rank() == 0 ? own.length : 0)[0];
        if (n == 0) {
            return new byte[0];
        }
        try (var _ = NativeScope.withoutGradients()) {
            Tensor tensor = Tensor.create(rank() == 0 ? own : new byte[n], (long) n);
            heartbeats.begin();
            await(blamed(() -> gloo.broadcast(new TensorVector(tensor))));
            return bytes(tensor);
        }
    }

    private static byte[] bytes(Tensor tensor) {
        byte[] out = new byte[Math.toIntExact(tensor.numel())];
        ByteBuffer view = new BytePointer(tensor.data_ptr()).capacity(out.length).asByteBuffer();
        view.get(out);
        return out;
    }

    @Override
    public <T, E extends Exception> T inTurn(Turn<T, E> work) throws E {
        String turn = TURN + turns++;
        boolean first = world.localRank() == 0;
        store.add(turn + "/first", first ? 1 : 0);
        if (!first) {
            // as many first ones are done as there are
            sum(0);
            rendezvous.await(turn + "/done", store.count(turn + "/first"), heartbeats);
        } else {
            sum(0);
        }
        T out = work.run();
        store.add(turn + "/done", 1);
        rendezvous.awaitAll(turn + "/done", heartbeats);
        return out;
    }

    @Override
    public void failed(String reason) {
        try {
            heartbeats.failed(reason);
        } catch (RuntimeException e) {
            return; // rank 0 is gone: nobody to tell
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            heartbeats.close();
            gloo.close();
            leave();
        }
    }

    /** Rank 0 stays until the others need it no more, e.g. have read why it failed. */
    private void leave() {
        try {
            store.add(LEFT, 1);
            long end = System.nanoTime() + LINGER.toNanos();
            while (world.rank() == 0 && store.count(LEFT) < world.size() && System.nanoTime() < end) {
                Rendezvous.sleep(LINGER.toMillis() / 50);
            }
        } catch (RuntimeException e) {
            return; // rank 0 is gone already
        }
    }
}
