"""Golden values of PyTorch's own modules: inputs, outputs, gradients of sum(y * w) and weights under PyTorch's names.

    python3 -m venv peers && peers/bin/pip install torch==2.13.0 && peers/bin/python golden.py

Each file is safetensors in float64, h 4 (6 of the Transformer), l 5, batch 2.
"""
import json
import struct
import torch
from torch import nn

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
B, L = 2, 5


def save(name, tensors):
    header, data, at = {}, b"", 0
    for key, t in tensors.items():
        raw = t.detach().contiguous().to(torch.float64)
        raw = struct.pack(f"<{raw.numel()}d", *raw.flatten().tolist())
        header[key] = {"dtype": "F64", "shape": list(t.shape), "data_offsets": [at, at + len(raw)]}
        data += raw
        at += len(raw)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(name + ".safetensors", "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def case(name, module, h, forward):
    for p in module.parameters():  # biases of attention begin at 0, which would hide them
        nn.init.normal_(p, 0.0, 0.4)
    x = torch.randn(B, L, h, requires_grad=True)
    w = torch.randn(B, L, h)
    y = forward(x)
    (y * w).sum().backward()
    tensors = {"x": x, "w": w, "y": y, "grad.x": x.grad}
    for key, p in module.named_parameters():
        tensors["param." + key] = p
        tensors["grad." + key] = p.grad
    save(name, tensors)


lstm = nn.LSTM(4, 4, batch_first=True)
case("lstm", lstm, 4, lambda x: lstm(x)[0])
gru = nn.GRU(4, 4, batch_first=True)
case("gru", gru, 4, lambda x: gru(x)[0])
future = torch.triu(torch.ones(L, L, dtype=torch.bool), 1)
causal = nn.MultiheadAttention(4, 2, batch_first=True)
case("attention_causal", causal, 4, lambda x: causal(x, x, x, attn_mask=future, need_weights=False)[0])
both = nn.MultiheadAttention(4, 2, batch_first=True)
case("attention", both, 4, lambda x: both(x, x, x, need_weights=False)[0])
linear = nn.Linear(4, 4)
case("linear", linear, 4, linear)
convs = nn.Module()
convs.convs = nn.ModuleList([nn.Conv1d(4, 4, 3, dilation=1), nn.Conv1d(4, 4, 3, dilation=2)])


def tcn(x):
    z = x.transpose(1, 2)
    for conv in convs.convs:
        z = z + torch.relu(conv(nn.functional.pad(z, (2 * conv.dilation[0], 0))))
    return z.transpose(1, 2)


case("tcn", convs, 4, tcn)
block = nn.TransformerEncoderLayer(6, 3, 12, dropout=0.0, activation="gelu", batch_first=True, norm_first=True)
block.train()
case("transformer", block, 6, lambda x: block(x, src_mask=future, is_causal=True))
