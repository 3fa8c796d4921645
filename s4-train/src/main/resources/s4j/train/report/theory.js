'use strict';
// Draws what s4-core computed: matrices stand in the page, the reader's signal is multiplied by them here.
const data = JSON.parse(document.getElementById('numbers').textContent);
const floats = text => new Float32Array(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
const projections = Object.fromEntries(Object.entries(data.projections).map(([k, v]) => [k, floats(v)]));
const bases = Object.fromEntries(Object.entries(data.bases).map(([k, v]) => [k, floats(v)]));
const {samples, places, most, time} = data;
const $ = id => document.getElementById(id);
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name);

const shapes = {
  waves: t => 0.6 * Math.sin(2 * t) + 0.3 * Math.sin(7 * t + 1),
  chirp: t => 0.8 * Math.sin(1.5 * t * t),
  steps: t => [0.2, 0.8, -0.5, 0.4, -0.8, 0.1, 0.6, -0.2][Math.min(7, Math.floor(2 * t))],
  impulse: t => (Math.abs(t - 3) < 0.05 ? 1 : 0),
};
if (data.signal) shapes.file = null;
let signal = new Float64Array(samples);
function choose(name) {
  for (let j = 0; j < samples; j++) signal[j] = name === 'file' ? data.signal[j] : shapes[name](time * j / (samples - 1));
  show();
}

/** c = W f, then f at each place of the history from the first n coefficients. */
function reconstruct(measure, n) {
  const w = projections[measure];
  const g = bases[measure === 'fout' ? 'fourier' : 'legendre'];
  const c = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < samples; j++) sum += w[i * samples + j] * signal[j];
    c[i] = sum;
  }
  const from = measure === 'legs' ? 0 : time - 2;
  return Array.from({length: places}, (_, p) => {
    let y = 0;
    for (let i = 0; i < n; i++) y += c[i] * g[i * places + p];
    return [from + (time - from) * p / (places - 1), y];
  });
}

function at(t) {
  const x = t / time * (samples - 1);
  const j = Math.min(samples - 2, Math.floor(x));
  return signal[j] + (x - j) * (signal[j + 1] - signal[j]);
}

const board = $('board');
const paint = board.getContext('2d');
const px = t => t / time * board.width;
const py = y => board.height / 2 * (1 - y / 1.5);
function line(points, style, width) {
  paint.strokeStyle = style;
  paint.lineWidth = width;
  paint.beginPath();
  points.forEach(([t, y], i) => (i ? paint.lineTo(px(t), py(y)) : paint.moveTo(px(t), py(y))));
  paint.stroke();
}

function show() {
  const measure = $('measure').value;
  const n = 2 ** +$('size').value;
  $('n').textContent = n;
  paint.clearRect(0, 0, board.width, board.height);
  if (measure !== 'legs') {
    paint.fillStyle = colour('--rule');
    paint.fillRect(0, 0, px(time - 2), board.height);
  }
  line(Array.from(signal, (y, j) => [time * j / (samples - 1), y]), colour('--soft'), 2);
  const points = reconstruct(measure, n);
  line(points, colour('--c1'), 2);
  const error = Math.sqrt(points.reduce((sum, [t, y]) => sum + (y - at(t)) ** 2, 0) / places);
  $('error').textContent = `${n} numbers remember ${measure === 'legs' ? 'the whole past' : 'the last 2 units of time'} with an error of ${error.toPrecision(3)} (root mean square)`;
  run();
}

// ---- convolution = recurrence
const {da, db, c, kernel} = data.system;
function run() {
  const y = [];
  let re = da.map(() => 0);
  let im = da.map(() => 0);
  for (let k = 0; k < samples; k++) {
    const next = da.map(([ar, ai], i) => [ar * re[i] - ai * im[i] + db[i][0] * signal[k], ar * im[i] + ai * re[i] + db[i][1] * signal[k]]);
    re = next.map(z => z[0]);
    im = next.map(z => z[1]);
    y.push(2 * c.reduce((sum, [cr, ci], i) => sum + cr * re[i] - ci * im[i], 0));
  }
  const z = y.map((_, k) => { let sum = 0; for (let j = 0; j <= k; j++) sum += kernel[j] * signal[k - j]; return sum; });
  const worst = Math.max(...y.map((v, k) => Math.abs(v - z[k])));
  $('same').textContent = `max |recurrence − convolution| over ${samples} steps: ${worst.toExponential(1)}`;
  const top = 2 * Math.max(1e-9, ...y.map(Math.abs));
  const path = v => v.map((value, k) => `${k ? 'L' : 'M'}${(k / (samples - 1) * 520).toFixed(1)} ${(100 - value / top * 180).toFixed(1)}`).join('');
  $('recurrence').setAttribute('d', path(y));
  $('convolution').setAttribute('d', path(z));
}

// ---- drawing
let down = false;
let last = null;
board.addEventListener('pointerdown', e => { down = true; last = null; board.setPointerCapture(e.pointerId); draw(e); });
board.addEventListener('pointermove', e => down && draw(e));
board.addEventListener('pointerup', () => { down = false; });
function draw(e) {
  const box = board.getBoundingClientRect();
  const j = Math.max(0, Math.min(samples - 1, Math.round((e.clientX - box.left) / box.width * (samples - 1))));
  const y = (1 - (e.clientY - box.top) / box.height * 2) * 1.5;
  const from = last === null ? j : last[0];
  for (let k = Math.min(from, j); k <= Math.max(from, j); k++) {
    signal[k] = last === null || from === j ? y : last[1] + (y - last[1]) * (k - from) / (j - from);
  }
  last = [j, y];
  show();
}
$('shape').append(...Object.keys(shapes).map(name => new Option(name, name)));
$('shape').value = data.signal ? 'file' : 'waves';
$('shape').onchange = () => choose($('shape').value);
$('measure').onchange = show;
$('size').max = Math.log2(most);
$('size').oninput = show;
choose($('shape').value);
