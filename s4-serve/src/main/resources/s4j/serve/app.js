'use strict';
// One panel for each model, of the kind that fits it. Everything it does is the server's own API.

let token = '';
const status = document.getElementById('status');
const headers = () => token ? {Authorization: 'Bearer ' + token} : {};
const url = path => path + (token ? (path.includes('?') ? '&' : '?') + 'token=' + encodeURIComponent(token) : '');

async function ask(path, options = {}) {
  const response = await fetch(path, {...options, headers: {...headers(), ...options.headers}});
  if (!response.ok) {
    const text = await response.text();
    let why = text;
    try { why = JSON.parse(text).error; } catch (e) { /* no JSON */ }
    const error = new Error(why || response.statusText);
    error.status = response.status;
    throw error;
  }
  return response;
}

function panel(template, title) {
  const section = document.getElementById(template).content.firstElementChild.cloneNode(true);
  if (title) section.querySelector('h2').textContent = title;
  document.getElementById('panels').append(section);
  return section;
}

function showBars(element, names, values) {
  const best = values.indexOf(Math.max(...values));
  element.replaceChildren(...names.map((name, i) => {
    const row = document.createElement('div');
    row.className = 'bar' + (i === best ? ' best' : '');
    const label = document.createElement('span');
    label.textContent = name;
    const track = document.createElement('span');
    const fill = document.createElement('i');
    fill.style.width = (100 * values[i]).toFixed(1) + '%';
    track.append(fill);
    const number = document.createElement('span');
    number.textContent = values[i].toFixed(3);
    row.append(label, track, number);
    return row;
  }));
  element.setAttribute('aria-label', `most probable: ${names[best]}, ${values[best].toFixed(3)}`);
}

function says(output, error) {
  output.textContent = error.message;
  output.className = 'error';
}

// ---- a digit, pixel by pixel

function draw(model) {
  const section = panel('draw', 'Draw a digit: ' + model.name);
  const board = section.querySelector('.board');
  const context = board.getContext('2d');
  const side = 28;
  let pixels = new Float32Array(side * side);
  let cursor = [14, 14];
  let down = false;
  const paint = () => {
    context.fillStyle = '#000';
    context.fillRect(0, 0, 280, 280);
    pixels.forEach((v, i) => {
      if (v > 0) {
        context.fillStyle = `rgb(${v * 255},${v * 255},${v * 255})`;
        context.fillRect(10 * (i % side), 10 * Math.floor(i / side), 10, 10);
      }
    });
    if (document.activeElement === board) {
      context.strokeStyle = '#6aa9ea';
      context.strokeRect(10 * cursor[0] + 1, 10 * cursor[1] + 1, 8, 8);
    }
  };
  const dab = (x, y) => {
    for (let j = -1; j <= 1; j++) {
      for (let i = -1; i <= 1; i++) {
        const at = (Math.round(y) + j) * side + Math.round(x) + i;
        if (x + i >= 0 && x + i < side && y + j >= 0 && y + j < side) {
          pixels[at] = Math.max(pixels[at], i === 0 && j === 0 ? 1 : Math.abs(i) + Math.abs(j) === 1 ? 0.7 : 0.25);
        }
      }
    }
    paint();
  };
  const at = e => {
    const box = board.getBoundingClientRect();
    dab((e.clientX - box.left) / box.width * side - 0.5, (e.clientY - box.top) / box.height * side - 0.5);
  };
  board.addEventListener('pointerdown', e => { down = true; board.setPointerCapture(e.pointerId); at(e); });
  board.addEventListener('pointermove', e => { if (down) at(e); });
  board.addEventListener('pointerup', () => { down = false; run(); });
  board.addEventListener('focus', paint);
  board.addEventListener('blur', paint);
  board.addEventListener('keydown', e => {
    const move = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[e.key];
    if (move) {
      cursor = cursor.map((c, i) => Math.min(side - 1, Math.max(0, c + move[i])));
      paint();
    } else if (e.key === ' ') {
      dab(...cursor);
    } else {
      return;
    }
    e.preventDefault();
  });
  const bars = section.querySelector('.bars');
  const output = section.querySelector('output');
  let socket = null;
  function run() {
    if (socket) socket.close();
    const mine = socket = new WebSocket(new URL(url(`/v1/models/${model.name}/stream`), location.href.replace(/^http/, 'ws')));
    mine.binaryType = 'arraybuffer';
    let row = 0;
    const send = () => mine.send(pixels.slice(side * row, side * (row + 1)).buffer);
    mine.onmessage = e => {
      if (typeof e.data === 'string') {
        const said = JSON.parse(e.data);
        if (said.error) { says(output, new Error(said.error)); mine.close(); return; }
        send();
        return;
      }
      const y = new Float32Array(e.data);
      showBars(bars, model.classes, [...y.slice(y.length - model.classes.length)]);
      row++;
      output.className = '';
      output.textContent = `after ${side * row} of ${side * side} pixels`;
      if (row < side) requestAnimationFrame(() => mine.readyState === 1 && send()); else mine.close();
    };
    mine.onerror = () => says(output, new Error('the connection failed'));
  }
  section.querySelector('.run').onclick = run;
  section.querySelector('.clear').onclick = () => { pixels = new Float32Array(side * side); bars.replaceChildren(); output.textContent = ''; paint(); };
  paint();
}

// ---- any series

function series(model) {
  const section = panel('series', (model.classes ? 'Classify a series: ' : 'Predict from a series: ') + model.name);
  section.querySelector('.hint').textContent = `${model.describe}; ${model.channels} value${model.channels > 1 ? 's' : ''} a step`;
  const area = section.querySelector('textarea');
  const output = section.querySelector('output');
  section.querySelector('input[type=file]').onchange = async e => { if (e.target.files[0]) area.value = await e.target.files[0].text(); };
  section.querySelector('.run').onclick = async () => {
    try {
      const rows = area.value.trim().split(/\r?\n/).map(line => line.split(/[,;\t]/).map(Number));
      if (rows.some(r => r.length !== model.channels || r.some(v => !Number.isFinite(v)))) {
        throw new Error(`expected ${model.channels} number${model.channels > 1 ? 's' : ''} a line`);
      }
      const response = await ask(`/v2/models/${model.name}/infer`, {method: 'POST', body: JSON.stringify(
        {inputs: [{name: 'x', datatype: 'FP32', shape: [1, rows.length, model.channels], data: rows.flat()}]})});
      const outputs = (await response.json()).outputs;
      output.className = '';
      if (model.classes) {
        showBars(section.querySelector('.bars'), model.classes, outputs[0].data);
        output.textContent = outputs[1].data[0];
      } else {
        output.textContent = outputs[0].data.map(v => +v.toPrecision(6)).join(', ');
      }
    } catch (error) { says(output, error); }
  };
}

// ---- sound and text

function sound(model) {
  const section = panel('sound', 'Sound: ' + model.name);
  const value = name => section.querySelector('.' + name).value;
  section.querySelector('.run').onclick = () => {
    const audio = section.querySelector('audio');
    audio.src = url(`/v1/models/${model.name}/sound?seconds=${value('seconds')}&temperature=${value('temperature')}&seed=${value('seed')}`);
    audio.play().catch(() => { /* the controls are there */ });
  };
}

function text(model) {
  const section = panel('text', 'Text: ' + model.name);
  const said = section.querySelector('.said');
  const [run, stop] = ['.run', '.stop'].map(s => section.querySelector(s));
  let control = null;
  stop.onclick = () => control && control.abort();
  run.onclick = async () => {
    const prompt = section.querySelector('textarea').value;
    control = new AbortController();
    run.disabled = true;
    stop.disabled = false;
    said.className = 'said';
    said.textContent = prompt;
    try {
      const response = await ask(`/v2/models/${model.name}/generate_stream`, {method: 'POST', signal: control.signal,
        body: JSON.stringify({text_input: prompt, parameters: {max_tokens: +section.querySelector('.tokens').value,
          temperature: +section.querySelector('.temperature').value, seed: Math.floor(Math.random() * 1e9)}})});
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        const events = (rest + piece.value).split('\n\n');
        rest = events.pop();
        events.forEach(e => { said.textContent += JSON.parse(e.replace(/^data: /, '')).text_output; });
      }
    } catch (error) {
      if (error.name !== 'AbortError') says(said, error);
    }
    run.disabled = false;
    stop.disabled = true;
  };
}

async function start() {
  document.getElementById('panels').replaceChildren();
  try {
    const {models} = await (await ask('/v1/models')).json();
    document.getElementById('login').hidden = true;
    status.className = '';
    status.textContent = models.length === 1 ? 'One model is served.' : `${models.length} models are served.`;
    for (const model of models) {
      if (model.forecast) forecast(model);
      else if (model.listen) { listen(model); series(model); }
      else if (model.text) text(model);
      else if (model.sound) sound(model);
      else if (model.dataset === 'mnist' && model.streams && model.channels === 1) draw(model);
      else if (model.classes || model.numbers) series(model);
    }
  } catch (error) {
    says(status, error);
    document.getElementById('login').hidden = error.status !== 401;
  }
}

document.getElementById('login').addEventListener('submit', e => {
  e.preventDefault();
  token = document.getElementById('token').value;
  start();
});
start();
