package s4j.torch.tensor;

import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import s4j.io.TensorData;

/** Tensors from Java values and back, and the few operations whose native signature is clumsy. */
public final class Tensors {
    private Tensors() {}

    /** A copy of the values in the type and place of {@code like}. */
    public static Tensor of(double[] values, Tensor like, long... shape) {
        return Tensor.create(values, shape).to(like.device(), like.scalar_type());
    }

    /** A copy of the stored tensor in its own type on the device. */
    public static Tensor of(TensorData data, Device device) {
        long[] shape = data.shape();
        Tensor host = switch (data.dtype()) {
            case F64 -> Tensor.create(data.toDoubles(), shape);
            case F32 -> Tensor.create(data.toFloats(), shape);
            case I64 -> Tensor.create(data.toLongs(), shape);
            case U8 -> Tensor.create(data.toLongs(), shape).to(ScalarType.Byte);
            default -> throw new IllegalArgumentException("tensor of type " + data.dtype()
                    + "; expected F64, F32, I64 or U8");
        };
        return host.to(device, host.scalar_type());
    }

    /** A copy of the tensor's values on the Java side; complex ones get a last axis (re, im). */
    public static TensorData data(Tensor tensor) {
        Tensor real = tensor.is_complex() ? torch.view_as_real(tensor.resolve_conj()) : tensor;
        long[] shape = shape(real);
        Tensor host = real.detach().cpu().contiguous();
        ScalarType type = host.scalar_type().intern();
        if (type == ScalarType.Double) {
            return TensorData.of(doubles(host), shape);
        }
        if (type == ScalarType.Float) {
            return TensorData.of(floats(host), shape);
        }
        if (type == ScalarType.Long) {
            return TensorData.of(longs(host), shape);
        }
        if (type == ScalarType.Byte) {
            return TensorData.of(bytes(host), shape);
        }
        throw new IllegalArgumentException("tensor of libtorch type " + type + " has no place in a file");
    }

    /** The sizes of all axes. */
    public static long[] shape(Tensor tensor) {
        long[] shape = new long[Math.toIntExact(tensor.dim())];
        Arrays.setAll(shape, tensor::size);
        return shape;
    }

    /** The values as float64, in order; complex ones as (re, im) pairs. */
    public static double[] doubles(Tensor tensor) {
        Tensor real = tensor.is_complex() ? torch.view_as_real(tensor.resolve_conj()) : tensor;
        Tensor host = real.detach().cpu().to(ScalarType.Double).contiguous();
        double[] values = new double[Math.toIntExact(host.numel())];
        if (values.length > 0) { // libtorch gives no memory to none
            host.data_ptr_double().get(values);
        }
        return values;
    }

    /** The values as float32, in order. */
    public static float[] floats(Tensor tensor) {
        Tensor host = tensor.detach().cpu().to(ScalarType.Float).contiguous();
        float[] values = new float[Math.toIntExact(host.numel())];
        if (values.length > 0) {
            host.data_ptr_float().get(values);
        }
        return values;
    }

    /** The values as integers, in order. */
    public static long[] longs(Tensor tensor) {
        Tensor host = tensor.detach().cpu().to(ScalarType.Long).contiguous();
        long[] values = new long[Math.toIntExact(host.numel())];
        if (values.length > 0) {
            host.data_ptr_long().get(values);
        }
        return values;
    }

    private static byte[] bytes(Tensor host) {
        byte[] values = new byte[Math.toIntExact(host.numel())];
        if (values.length > 0) {
            new BytePointer(host.data_ptr()).get(values);
        }
        return values;
    }

    /** 0, 1, …, n − 1 in float64 at the place of {@code like}. */
    public static Tensor range(long n, Tensor like) {
        return torch.arange(new Scalar(n), options(ScalarType.Double, like));
    }

    /** Zeros of the type at the place of {@code like}. */
    public static Tensor zeros(ScalarType type, Tensor like, long... shape) {
        return torch.zeros(shape, options(type, like));
    }

    /** Memory of the type at the place of {@code like} that must be written before it is read. */
    public static Tensor empty(ScalarType type, Tensor like, long... shape) {
        return torch.empty(shape, options(type, like), new MemoryFormatOptional());
    }

    private static TensorOptions options(ScalarType type, Tensor like) {
        return new TensorOptions().dtype(new ScalarTypeOptional(type)).device(new DeviceOptional(like.device()))
                .requires_grad(new BoolOptional(false));
    }

    /** re + i im, from real tensors of one type. */
    public static Tensor complex(Tensor re, Tensor im) {
        return torch.view_as_complex(torch.stack(new TensorVector(re, im), -1).contiguous());
    }

    /** A tensor whose last axis is (re, im), as complex float64. */
    public static Tensor complexOf(Tensor pairs) {
        return torch.view_as_complex(pairs.to(ScalarType.Double).contiguous());
    }

    /** The sum over the last axis of x and its conjugate would double the real part: 2 Re x. */
    public static Tensor twiceReal(Tensor x) {
        return torch.real(x).mul(new Scalar(2.0));
    }

    /** All given tensors along an axis. */
    public static Tensor cat(long axis, Tensor... parts) {
        return torch.cat(new TensorVector(parts), axis);
    }

    /** Sum of products in Einstein's notation. */
    public static Tensor einsum(String equation, Tensor... operands) {
        return torch.einsum(equation, new TensorVector(operands));
    }

    /** The Fourier transform of real rows, padded with zeros to n. */
    public static Tensor rfft(Tensor x, long n) {
        return torch.fft_rfft(x, new LongOptional(n), -1, new StringViewOptional());
    }

    /** The real rows of length n whose transform is given. */
    public static Tensor irfft(Tensor x, long n) {
        return torch.fft_irfft(x, new LongOptional(n), -1, new StringViewOptional());
    }
}
