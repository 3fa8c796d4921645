"""Writes features.txt: MFCC and log-mel spectra in float64 by NumPy's FFT, from the definitions alone.

MFCC as torchaudio's MFCC(n_mfcc=20, log_mels=True, melkwargs=dict(n_fft=200, n_mels=64)) has it: periodic Hann window,
centred frames with reflected ends, power spectrum, HTK mel bands without area normalisation, ln(x + 1e-6), orthonormal DCT-II.
"""
import numpy as np


def signal(n, rate):
    seed, noise = 1, []
    for _ in range(n):
        seed = (1103515245 * seed + 12345) & 0x7FFFFFFF
        noise.append(seed / 2**31 - 0.5)
    i = np.arange(n)
    return np.float32(0.4 * np.sin(2 * np.pi * 440 * i / rate) + 0.2 * np.sin(1e-5 * i * i) + 0.1 * np.array(noise))


def bands(n_mels, n_fft, rate, low, high):
    mel = lambda f: 2595 * np.log10(1 + f / 700)
    points = 700 * (10 ** (np.linspace(mel(low), mel(high), n_mels + 2) / 2595) - 1)
    f = np.linspace(0, rate / 2, n_fft // 2 + 1)
    up = (f[None] - points[:-2, None]) / (points[1:-1] - points[:-2])[:, None]
    down = (points[2:, None] - f[None]) / (points[2:] - points[1:-1])[:, None]
    return np.maximum(0, np.minimum(up, down))


def log_mel(x, rate, n_fft, win, hop, n_mels, low, high):
    x = np.pad(x.astype(np.float64), n_fft // 2, mode="reflect")
    window = np.zeros(n_fft)
    at = (n_fft - win) // 2
    window[at : at + win] = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(win) / win)
    frames = np.stack([x[t : t + n_fft] for t in range(0, len(x) - n_fft + 1, hop)])
    power = np.abs(np.fft.rfft(frames * window)) ** 2
    return np.log(power @ bands(n_mels, n_fft, rate, low, high).T + 1e-6)


def mfcc(x, rate):
    mels = log_mel(x, rate, 200, 200, 100, 64, 0.0, rate / 2)
    k, n = np.arange(20)[:, None], np.arange(64)[None]
    dct = np.cos(np.pi / 64 * (n + 0.5) * k) * np.sqrt(2 / 64)
    dct[0] /= np.sqrt(2)
    return mels @ dct.T


x = signal(16000, 16000)
with open("features.txt", "w") as out:
    for name, all in (("mfcc", mfcc(x, 16000)), ("log-mel", log_mel(x, 16000, 512, 400, 160, 40, 20.0, 7600.0))):
        print(name, len(all), file=out)
        for t in (0, 1, 2, 50, len(all) - 2, len(all) - 1):
            print(t, *(f"{v:.9g}" for v in all[t]), file=out)
