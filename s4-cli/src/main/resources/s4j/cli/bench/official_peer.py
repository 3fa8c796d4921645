"""The official implementation as a contender: S4Block and Sashimi of a checkout of state-spaces/s4, which the user gives.

    official_peer.py DIRECTORY

Nothing of it is copied: its classes are imported from DIRECTORY and run as they are. Its code chooses how to sum over
states, on a CPU pykeops if that is installed, else plain PyTorch; the first line of output tells which. A training step has
the encoder, norms, residuals and decoder of torch_peer.py around its blocks.
"""
import hashlib
import math
import os
import sys
import time
import types

import lines
import recurrence
import torch_peer
import torch
from torch import nn

SOURCE = "models/s4/s4.py"
LENGTH = 16000  # for which SaShiMi is set up
LEVELS = 256


def imported(directory):
    """The module models.s4.s4. Of Lightning it wants one decorator, for its log."""
    utilities = types.ModuleType("pytorch_lightning.utilities")
    utilities.rank_zero_only = lambda function: function
    sys.modules["pytorch_lightning"] = types.ModuleType("pytorch_lightning")
    sys.modules["pytorch_lightning.utilities"] = utilities
    sys.path.insert(1, directory)
    try:
        from models.s4 import s4
        return s4
    except Exception as e:  # whatever it is, the others go on without it
        lines.say(f"absent {SOURCE} cannot be imported: {type(e).__name__}: " + " ".join(str(e).split())[:200])
        raise SystemExit(0)


def options(model):
    """As in the official configuration of either model: S4 shares A, B and P among features."""
    own = {"mode": "nplr", "init": "legs", "n_ssm": 1} if model == "s4" else {"mode": "diag", "init": "diag-lin"}
    return own | {"verbose": False}  # it would print


class Block(nn.Module):
    """[b, h, l] -> [b, h, l]: its result without the state, which is None."""

    def __init__(self, model, h, n):
        super().__init__()
        self.block = official.S4Block(h, d_state=n, **options(model))

    def forward(self, u):
        return self.block(u)[0]


def make(model, kind, backward, b, h, l, n, layers):
    torch.set_num_threads(lines.threads())
    if kind == "sashimi-steps":
        return steps(model, b, h, l, n, layers)
    return torch_peer.make(model, kind, backward, b, h, l, n, layers, Block)


def steps(model, b, h, count, n, layers):
    """count steps of Linear -> SaShiMi -> Linear, in the fastest of its modes and numbers of threads."""
    from models.sashimi.sashimi import Sashimi
    if n != 64:
        raise ValueError(f"d_state {n}; the official SaShiMi always has 64")
    torch.manual_seed(0)
    network = Sashimi(h, layers, l_max=LENGTH, **options(model))
    encoder, decoder = nn.Linear(1, h), nn.Linear(h, LEVELS)
    x = torch.randn(b, 1)

    def prepared(mode, threads):
        torch.set_num_threads(threads)
        with torch.inference_mode():
            if mode:
                network.setup_rnn(mode)
            else:  # setup_rnn names a mode, which diagonal layers do not know
                for module in network.modules():
                    if hasattr(module, "_setup_step"):
                        module._setup_step()
            state = network.default_state(b)

        def run():
            nonlocal state
            with torch.inference_mode():
                for _ in range(count):
                    y, state = network.step(encoder(x), state)
                    decoder(y)
        return run

    def seconds(candidate):
        run = prepared(*candidate)
        run()
        times = []
        for _ in range(3):
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
        return min(times)
    modes = ("diagonal", "linear", "dense") if model == "s4" else (None,)
    best = min(((mode, threads) for mode in modes for threads in sorted({1, lines.threads()})), key=seconds)
    print(f"{model}, {b} streams: mode {best[0] or 'diagonal layers'}, {best[1]} threads", file=sys.stderr)
    return prepared(*best)


def check():
    """The differences from the recurrence."""
    r = recurrence
    total = 0.0
    for model in ("s4d", "s4"):
        layer = official.FFTConv(1, activation=None, d_state=2 * len(r.A), **options(model))
        kernel = layer.kernel
        with torch.no_grad():
            layer.D.fill_(r.D)
            kernel.inv_dt.fill_(math.log(r.DT))
            a = torch.tensor([r.A])
            kernel.A_real.copy_((-a.real).log())
            kernel.A_imag.copy_(-a.imag)
            kernel.C.copy_(torch_peer.pairs(r.C))
            kernel.B.copy_(torch_peer.pairs(r.B if model == "s4" else [1 + 0j] * len(r.A)))
            if model == "s4":
                kernel.P.copy_(torch_peer.pairs(r.P))
                kernel.l_kernel.fill_(len(r.U))  # C is for this length already
            y = layer(torch.tensor([[r.U]]))[0][0, 0].tolist()
        total += r.difference(model, y)
    return total


def description():
    with open(os.path.join(sys.argv[1], SOURCE), "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()[:8]
    by = "pykeops" if official.has_pykeops else "plain PyTorch (no pykeops)"
    return (f"{SOURCE} (SHA-256 {digest}…), PyTorch {torch.__version__}, {torch.get_num_threads()} threads, "
            f"sums over states by {by}")


if __name__ == "__main__":
    torch.set_num_threads(lines.threads())
    official = imported(sys.argv[1])
    lines.serve(description(), make, check)
