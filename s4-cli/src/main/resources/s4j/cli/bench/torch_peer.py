"""S4D and S4 in PyTorch, from the published equations, and its own LSTM and Transformer, as the benchmark's peer.

S4D (Gu et al., On the Parameterization and Initialization of Diagonal State Space Models, 2022, section 3):
    K_l = 2 Re sum_n C_n (exp(dt A_n) - 1) / A_n exp(dt A_n l)          the Vandermonde matrix materialised
S4 (Gu, Goel, Re, Efficiently Modeling Long Sequences with Structured State Spaces, 2021, algorithm 1):
    K^(w) = 2 (s_CB - (1+w) s_CP s_PB / (1 + (1+w) s_PP)), s_xy = sum of x y / (2(1-w) - dt lam (1+w)) over all states
    w the roots of unity, the Cauchy matrix materialised, a pair of conjugates combined into one real quotient form
y = irfft(rfft(u) rfft(K)) + D u with zeros up to 2 L. Activations are [b, h, l] inside a layer. float32 and complex64.
"""
import math

import lines
import recurrence

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError as e:
    lines.say(f"absent {e}")
    raise SystemExit(0)


class Kernel(nn.Module):
    """dt, A and C (and of S4 B and P) of h features with n / 2 pairs of states."""

    def __init__(self, model, h, n):
        super().__init__()
        pairs = n // 2
        self.model = model
        self.log_dt = nn.Parameter(torch.rand(h) * (math.log(0.1) - math.log(0.001)) + math.log(0.001))
        copies = h if model == "s4d" else 1  # S4 shares A, B and P among features
        self.log_decay = nn.Parameter(torch.full((copies, pairs), math.log(0.5)))
        self.frequency = nn.Parameter(math.pi * torch.arange(pairs, dtype=torch.float32).repeat(copies, 1))
        self.C = nn.Parameter(math.sqrt(0.5) * torch.randn(h, pairs, 2))
        if model == "s4":
            root = torch.sqrt(torch.arange(pairs) + 0.5)
            self.P = nn.Parameter(torch.stack((root, 0.1 * root), -1)[None])
            self.B = nn.Parameter(torch.stack((math.sqrt(2) * root, -0.1 * root), -1)[None])

    def forward(self, length):
        dt = self.log_dt.exp()[:, None]
        a = torch.complex(-self.log_decay.exp(), self.frequency)
        c = torch.view_as_complex(self.C)
        return self.vandermonde(dt, a, c, length) if self.model == "s4d" else self.cauchy(dt, a, c, length)

    @staticmethod
    def vandermonde(dt, a, c, length):
        dt_a = dt * a
        v = c * (torch.exp(dt_a) - 1) / a
        powers = torch.exp(dt_a[:, :, None] * torch.arange(length))  # [h, n, l]
        return 2 * torch.bmm(v[:, None], powers)[:, 0].real

    def cauchy(self, dt, a, c, length):
        lam = (dt * a)[:, :, None]
        b, p = dt * torch.view_as_complex(self.B), dt * torch.view_as_complex(self.P)
        q = torch.view_as_complex(self.P).conj()
        v = torch.stack((b * c, b * q, p * c, p * q), 1)  # [h, 4, n]
        angle = -2 * math.pi / length * torch.arange(length // 2 + 1, dtype=torch.float64)
        omega = torch.polar(torch.ones_like(angle), angle)
        plus, minus = (1 + omega).to(torch.complex64), (2 * (1 - omega)).to(torch.complex64)
        # v / (m - lam p) + its conjugate = (2 Re v m - 2 Re(v conj(lam)) p) / (m^2 - 2 Re lam m p + |lam|^2 p^2)
        below = minus ** 2 - 2 * lam.real * (minus * plus) + (lam.real ** 2 + lam.imag ** 2) * plus ** 2
        cauchy = torch.view_as_real(below.reciprocal()).flatten(2)  # [h, n, 2 k]
        weights = torch.cat((2 * v.real, 2 * (v * lam.conj().transpose(1, 2)).real), 1)  # [h, 8, n], real
        sums = torch.view_as_complex(torch.bmm(weights, cauchy).unflatten(2, (-1, 2)))  # [h, 8, k]
        cb, pb, cp, pp = (minus * sums[:, :4] - plus * sums[:, 4:]).unbind(1)
        return torch.fft.irfft(2 * (cb - plus * cp * pb / (1 + plus * pp)), n=length)


class Convolution(nn.Module):
    """[b, h, l] -> [b, h, l], with the skip."""

    def __init__(self, model, h, n):
        super().__init__()
        self.kernel = Kernel(model, h, n)
        self.D = nn.Parameter(torch.randn(h))

    def forward(self, u):
        length = u.size(-1)
        k = torch.fft.rfft(self.kernel(length), n=2 * length)
        return torch.fft.irfft(torch.fft.rfft(u, n=2 * length) * k, n=2 * length)[..., :length] + u * self.D[:, None]


class Block(nn.Module):
    """Convolution and skip -> GELU -> Linear -> GLU, [b, h, l] -> [b, h, l]."""

    def __init__(self, model, h, n):
        super().__init__()
        self.convolution = Convolution(model, h, n)
        self.linear = nn.Linear(h, 2 * h)

    def forward(self, u):
        y = F.gelu(self.convolution(u))
        return F.glu(self.linear.weight @ y + self.linear.bias[:, None], dim=1)


class Lstm(nn.Module):
    """PyTorch's own LSTM as a block."""

    def __init__(self, model, h, n):
        super().__init__()
        self.lstm = nn.LSTM(h, h, batch_first=True)

    def forward(self, u):
        return self.lstm(u.transpose(1, 2))[0].transpose(1, 2)


CHARACTERS = 65


def ends(kind, h):
    """What stands before and behind the layers of a network: of a class of each sequence, of numbers, of characters."""
    if kind == "text-step":
        return nn.Embedding(CHARACTERS, h), nn.Linear(h, CHARACTERS)
    return nn.Linear(1, h), nn.Linear(h, 1 if kind == "forecast-step" else 10)


def pooled(kind, x):
    """[b, l, h] -> features of what is predicted: the mean over time, the last fifth of the steps, or each step."""
    if kind == "text-step":
        return x
    return x[:, -max(1, x.size(1) // 5):] if kind == "forecast-step" else x.mean(1)


class Transformer(nn.Module):
    """Linear or embedding -> PyTorch's own causal pre-norm encoder -> norm -> Linear."""

    def __init__(self, kind, h, layers):
        super().__init__()
        self.kind = kind
        self.encoder, self.decoder = ends(kind, h)
        layer = nn.TransformerEncoderLayer(h, nhead=4, dim_feedforward=4 * h, dropout=0.0, activation="gelu",
                                           batch_first=True, norm_first=True)
        self.body = nn.TransformerEncoder(layer, layers, norm=nn.LayerNorm(h), enable_nested_tensor=False)

    def forward(self, x):
        mask = nn.Transformer.generate_square_subsequent_mask(x.size(1))
        return self.decoder(pooled(self.kind, self.body(self.encoder(x), mask=mask, is_causal=True)))


class Network(nn.Module):
    """Linear or embedding -> blocks with norm before and residual around -> norm -> Linear."""

    def __init__(self, model, kind, h, n, layers, block):
        super().__init__()
        self.kind = kind
        self.encoder, self.decoder = ends(kind, h)
        block = Lstm if model == "lstm" else block
        self.norms = nn.ModuleList(nn.LayerNorm(h) for _ in range(layers + 1))
        self.blocks = nn.ModuleList(block(model, h, n) for _ in range(layers))

    def forward(self, x):
        x = self.encoder(x)  # [b, l, h]
        for norm, block in zip(self.norms, self.blocks):
            x = x + block(norm(x).transpose(1, 2)).transpose(1, 2)
        return self.decoder(pooled(self.kind, self.norms[-1](x)))


def make(model, kind, backward, b, h, l, n, layers, block=Block):
    torch.manual_seed(0)
    if kind in ("training-step", "forecast-step", "text-step"):
        network = (Transformer(kind, h, layers) if model == "transformer"
                   else Network(model, kind, h, n, layers, block))
        return training(network, kind, b, l)
    module = (Convolution if kind == "convolution" else block)(model, h, n)
    u = torch.randn(b, h, l)
    if not backward:
        def forward():
            with torch.inference_mode():
                module(u)
        return forward
    gradient = torch.randn(b, h, l)
    inputs = [u.requires_grad_(), *module.parameters()]
    return lambda: torch.autograd.grad(module(u), inputs, gradient)


def training(network, kind, b, l):
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, fused=True)
    if kind == "text-step":
        x, targets = torch.randint(CHARACTERS, (b, l)), torch.randint(CHARACTERS, (b, l))
    else:
        x = torch.rand(b, l, 1)
        targets = torch.rand(b, max(1, l // 5), 1) if kind == "forecast-step" else torch.randint(10, (b,))

    def loss_of(y):
        if kind == "forecast-step":
            return F.mse_loss(y, targets)
        return F.cross_entropy(y.flatten(0, -2), targets.flatten())

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(network(x))
        loss.backward()
        optimizer.step()
        return loss.item()
    return step


def check():
    """The differences from the recurrence."""
    r = recurrence
    total = 0.0
    for model in ("s4d", "s4"):
        layer = Convolution(model, 1, 2 * len(r.A))
        with torch.no_grad():
            layer.D.fill_(r.D)
            layer.kernel.log_dt.fill_(math.log(r.DT))
            a = torch.tensor([r.A])
            layer.kernel.log_decay.copy_((-a.real).log())
            layer.kernel.frequency.copy_(a.imag)
            layer.kernel.C.copy_(pairs(r.C))
            if model == "s4":
                layer.kernel.B.copy_(pairs(r.B))
                layer.kernel.P.copy_(pairs(r.P))
            y = layer(torch.tensor([[r.U]]))[0, 0].tolist()
        total += r.difference(model, y)
    return total


def pairs(values):
    return torch.view_as_real(torch.tensor([values]))


if __name__ == "__main__":
    torch.set_num_threads(lines.threads())
    lines.serve(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads", make, check)
