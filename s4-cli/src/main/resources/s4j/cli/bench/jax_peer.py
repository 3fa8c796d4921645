"""S4D and S4 in JAX, jitted, from the published equations, as the benchmark's peer: see torch_peer.py for them."""
import math

import lines
import recurrence

try:
    import jax
    import jax.numpy as jnp
except ImportError as e:
    lines.say(f"absent {e}")
    raise SystemExit(0)


def kernel_parameters(model, h, n, key):
    pairs = n // 2
    copies = h if model == "s4d" else 1  # S4 shares A, B and P among features
    one, two = jax.random.split(key)
    root = jnp.sqrt(jnp.arange(pairs) + 0.5)
    parameters = {
        "log_dt": jax.random.uniform(one, (h, 1), minval=math.log(0.001), maxval=math.log(0.1)),
        "log_decay": jnp.full((copies, pairs), math.log(0.5)),
        "frequency": jnp.tile(math.pi * jnp.arange(pairs, dtype=jnp.float32), (copies, 1)),
        "C": math.sqrt(0.5) * jax.random.normal(two, (2, h, pairs)),
    }
    if model == "s4":
        parameters["P"] = jnp.stack((root, 0.1 * root))[:, None]
        parameters["B"] = jnp.stack((math.sqrt(2) * root, -0.1 * root))[:, None]
    return parameters


def kernel(parameters, length):
    """K [h, l]."""
    dt = jnp.exp(parameters["log_dt"])
    a = jax.lax.complex(-jnp.exp(parameters["log_decay"]), parameters["frequency"])
    c = jax.lax.complex(*parameters["C"])
    return cauchy(parameters, dt, a, c, length) if "P" in parameters else vandermonde(dt, a, c, length)


def vandermonde(dt, a, c, length):
    dt_a = dt * a
    v = c * (jnp.exp(dt_a) - 1) / a
    powers = jnp.exp(dt_a[:, :, None] * jnp.arange(length))  # [h, n, l]
    return 2 * jnp.einsum("hn,hnl->hl", v, powers).real


def cauchy(parameters, dt, a, c, length):
    lam = dt * a
    b, p = (dt * jax.lax.complex(*parameters[name]) for name in "BP")
    q = jnp.conj(jax.lax.complex(*parameters["P"]))
    v = jnp.stack((b * c, b * q, p * c, p * q), 1)  # [h, 4, n]
    plus, minus = nodes(length)
    re, im = lam.real[:, :, None], lam.imag[:, :, None]
    # v / (m - lam p) + its conjugate = (2 Re v m - 2 Re(v conj(lam)) p) / (m^2 - 2 Re lam m p + |lam|^2 p^2)
    quotient = 1 / (minus ** 2 - 2 * re * (minus * plus) + (re ** 2 + im ** 2) * plus ** 2)  # [h, n, k]
    weights = jnp.concatenate((2 * v.real, 2 * (v * jnp.conj(lam)[:, None]).real), 1)  # [h, 8, n], real
    sums = jax.lax.complex(weights @ quotient.real, weights @ quotient.imag)  # [h, 8, k]
    cb, pb, cp, pp = jnp.moveaxis(minus * sums[:, :4] - plus * sums[:, 4:], 1, 0)
    return jnp.fft.irfft(2 * (cb - plus * cp * pb / (1 + plus * pp)), n=length)


def nodes(length):
    """1 + w and 2 (1 - w), from float64, constants of the compiled program."""
    import numpy
    omega = numpy.exp(-2j * math.pi / length * numpy.arange(length // 2 + 1))
    return jnp.asarray((1 + omega).astype(numpy.complex64)), jnp.asarray((2 * (1 - omega)).astype(numpy.complex64))


def convolution(parameters, u):
    """[b, h, l] -> [b, h, l], with the skip."""
    length = u.shape[-1]
    k = jnp.fft.rfft(kernel(parameters["kernel"], length), n=2 * length)
    y = jnp.fft.irfft(jnp.fft.rfft(u, n=2 * length) * k, n=2 * length)[..., :length]
    return y + u * parameters["D"][:, None]


def block(parameters, u):
    """Convolution and skip -> GELU -> Linear -> GLU, [b, h, l] -> [b, h, l]."""
    y = jax.nn.gelu(convolution(parameters, u), approximate=False)
    z = jnp.einsum("oh,bhl->bol", parameters["weight"], y) + parameters["bias"][:, None]
    return jax.nn.glu(z, axis=1)


def block_parameters(model, h, n, key, projection=True):
    one, two, three = jax.random.split(key, 3)
    parameters = {"kernel": kernel_parameters(model, h, n, one), "D": jax.random.normal(two, (h,))}
    if projection:
        parameters.update(linear_parameters(h, 2 * h, three))
    return parameters


def linear_parameters(size, out, key):
    bound = 1 / math.sqrt(size)
    return {"weight": jax.random.uniform(key, (out, size), minval=-bound, maxval=bound), "bias": jnp.zeros(out)}


def norm(parameters, x):
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(variance + 1e-5) * parameters["weight"] + parameters["bias"]


def network(parameters, x):
    """Linear -> blocks with norm before and residual around -> norm -> mean over time -> Linear."""
    x = x @ parameters["encoder"]["weight"].T + parameters["encoder"]["bias"]  # [b, l, h]
    for n, layer in zip(parameters["norms"], parameters["blocks"]):
        x = x + block(layer, norm(n, x).swapaxes(1, 2)).swapaxes(1, 2)
    x = norm(parameters["norms"][-1], x).mean(1)
    return x @ parameters["decoder"]["weight"].T + parameters["decoder"]["bias"]


def make(model, kind, backward, b, h, l, n, layers):
    key = jax.random.PRNGKey(0)
    if kind == "training-step":
        return training(model, b, h, l, n, layers, key)
    function = convolution if kind == "convolution" else block
    parameters = block_parameters(model, h, n, key, projection=kind == "block")
    u = jax.random.normal(key, (b, h, l))
    if not backward:
        run = jax.jit(function).lower(parameters, u).compile()
        return lambda: jax.block_until_ready(run(parameters, u))

    def both(parameters, u, gradient):
        y, pull = jax.vjp(function, parameters, u)
        return y, pull(gradient)
    gradient = jax.random.normal(jax.random.PRNGKey(1), (b, h, l))
    run = jax.jit(both).lower(parameters, u, gradient).compile()
    return lambda: jax.block_until_ready(run(parameters, u, gradient))


def training(model, b, h, l, n, layers, key):
    keys = jax.random.split(key, layers + 2)
    parameters = {
        "encoder": linear_parameters(1, h, keys[0]),
        "blocks": [block_parameters(model, h, n, k) for k in keys[1:-1]],
        "norms": [{"weight": jnp.ones(h), "bias": jnp.zeros(h)} for _ in range(layers + 1)],
        "decoder": linear_parameters(h, 10, keys[-1]),
    }
    zeros = jax.tree_util.tree_map(jnp.zeros_like, parameters)
    x = jax.random.uniform(key, (b, l, 1))
    labels = jax.random.randint(key, (b,), 0, 10)
    run = jax.jit(step, donate_argnums=(0,)).lower((parameters, zeros, zeros, jnp.zeros(())), x, labels).compile()
    state = (parameters, zeros, jax.tree_util.tree_map(jnp.copy, zeros), jnp.zeros(()))

    def once():
        nonlocal state
        state, loss = run(state, x, labels)
        return float(loss)
    return once


def step(state, x, labels):
    """Cross entropy and AdamW."""
    parameters, first, second, count = state

    def loss(parameters):
        logs = jax.nn.log_softmax(network(parameters, x))
        return -jnp.take_along_axis(logs, labels[:, None], 1).mean()
    value, gradients = jax.value_and_grad(loss)(parameters)
    each = jax.tree_util.tree_map
    count = count + 1
    first = each(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
    second = each(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
    rate, decay = 1e-3, 1e-2
    parameters = each(
        lambda p, m, v: p * (1 - rate * decay)
        - rate * m / (1 - 0.9 ** count) / (jnp.sqrt(v / (1 - 0.999 ** count)) + 1e-8), parameters, first, second)
    return (parameters, first, second, count), value


def check():
    """The differences from the recurrence."""
    r = recurrence
    pair = lambda values: jnp.array([[[v.real for v in values]], [[v.imag for v in values]]])
    total = 0.0
    for model in ("s4d", "s4"):
        a = jnp.array([r.A])
        parameters = {"log_dt": jnp.full((1, 1), math.log(r.DT)), "log_decay": jnp.log(-a.real), "frequency": a.imag,
                      "C": pair(r.C)}
        if model == "s4":
            parameters |= {"B": pair(r.B), "P": pair(r.P)}
        y = convolution({"kernel": parameters, "D": jnp.array([r.D])}, jnp.array([[r.U]]))[0, 0].tolist()
        total += r.difference(model, y)
    return total


if __name__ == "__main__":
    jax.config.update("jax_platforms", "cpu")
    lines.serve(f"JAX {jax.__version__}, {lines.threads()} threads", make, check)
