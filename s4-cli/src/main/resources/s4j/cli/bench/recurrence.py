"""The definition, in plain Python: outputs of tiny systems by their recurrence, for a peer to check itself against.

x' = A x + B u, y = Re C x + D u, of one feature; a state and its conjugate count both.
"""
import cmath


def s4d(dt, a, c, d, u):
    """Zero-order hold, B = 1: dA = exp(dt A), dB = (dA - 1) / A; y = 2 Re C x."""
    da = [cmath.exp(dt * x) for x in a]
    db = [(e - 1) / x for e, x in zip(da, a)]
    state = [0j] * len(a)
    out = []
    for v in u:
        state = [e * s + f * v for e, f, s in zip(da, db, state)]
        out.append(2 * sum(g * s for g, s in zip(c, state)).real + d * v)
    return out


def s4(dt, lam, p, b, c_tilde, d, u):
    """Bilinear, A = diag(lam) - P P*, with C = C~ (I - dA^L)^-1 for L = len(u)."""
    lam, p, b, c = (x + [v.conjugate() for v in x] for x in (lam, p, b, c_tilde))
    n = len(lam)
    a = [[(lam[i] if i == j else 0) - p[i] * p[j].conjugate() for j in range(n)] for i in range(n)]
    plus = [[(i == j) + dt / 2 * a[i][j] for j in range(n)] for i in range(n)]
    minus = [[(i == j) - dt / 2 * a[i][j] for j in range(n)] for i in range(n)]
    da = transposed([solve(minus, column) for column in transposed(plus)])
    db = solve(minus, [dt * v for v in b])
    power = [[complex(i == j) for j in range(n)] for i in range(n)]
    for _ in u:
        power = transposed([product(da, column) for column in transposed(power)])
    rest = [[(i == j) - power[i][j] for j in range(n)] for i in range(n)]
    c = solve(transposed(rest), c)
    state = [0j] * n
    out = []
    for v in u:
        state = [x + f * v for x, f in zip(product(da, state), db)]
        out.append(sum(g * s for g, s in zip(c, state)).real + d * v)
    return out


def product(m, x):
    return [sum(a * b for a, b in zip(row, x)) for row in m]


def transposed(m):
    return [list(row) for row in zip(*m)]


def solve(m, y):
    """Gauss with pivots."""
    rows = [list(row) + [v] for row, v in zip(m, y)]
    n = len(rows)
    for i in range(n):
        pivot = max(range(i, n), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(n):
            if k != i:
                f = rows[k][i] / rows[i][i]
                rows[k] = [x - f * z for x, z in zip(rows[k], rows[i])]
    return [rows[i][n] / rows[i][i] for i in range(n)]


# a tiny system with two conjugate pairs and an input of even length, so that omega = -1 is among the nodes
DT, D = 0.1, 0.7
A = [-0.5 + 3.1j, -0.4 + 6.2j]
P = [0.9 + 0.1j, 0.3 - 0.2j]
B = [1.0 + 0.3j, 0.8 - 0.6j]
C = [0.4 - 0.7j, -0.9 + 0.2j]
U = [1.0, -0.3, 0.5, 0.9, -1.2, 0.1, 0.0, 0.4]


def difference(model, y):
    """Of an output of this system from what it is by definition: a sum, in which a NaN stays one."""
    expected = s4d(DT, A, C, D, U) if model == "s4d" else s4(DT, A, P, B, C, D, U)
    return sum(abs(p - q) for p, q in zip(y, expected, strict=True))
