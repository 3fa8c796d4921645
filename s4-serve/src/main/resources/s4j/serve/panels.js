'use strict';
// Panels of models that listen and that forecast; app.js has what they share.

// ---- words from the microphone

function listen(model) {
  const section = panel('listen', 'Say a word: ' + model.name);
  section.querySelector('.hint').textContent = `${model.classes.join(', ')}; ${model.listen.toLocaleString('en')} samples a second. The sound goes to this server and no further.`;
  const [run, stop] = ['.run', '.stop'].map(s => section.querySelector(s));
  const output = section.querySelector('output');
  const heard = section.querySelector('.heard');
  let end = () => {};
  stop.onclick = () => end();
  run.onclick = async () => {
    run.disabled = true;
    output.className = '';
    try {
      const microphone = await navigator.mediaDevices.getUserMedia({audio: true});
      const context = new AudioContext({sampleRate: model.listen});
      const socket = new WebSocket(new URL(url(`/v1/models/${model.name}/listen`), location.href.replace(/^http/, 'ws')));
      end = () => {
        end = () => {};
        microphone.getTracks().forEach(t => t.stop());
        context.close();
        socket.close();
        run.disabled = false;
        stop.disabled = true;
        output.textContent = 'stopped';
      };
      stop.disabled = false;
      socket.onclose = () => end();
      socket.onerror = () => says(output, new Error('the connection failed'));
      socket.onmessage = e => {
        const said = JSON.parse(e.data);
        if (said.error) { says(output, new Error(said.error)); return; }
        if (said.names) { output.textContent = 'listening'; return; }
        if (said.probabilities.length) showBars(section.querySelector('.bars'), model.classes, said.probabilities);
        said.heard.forEach(w => {
          const line = document.createElement('li');
          line.textContent = `${w.word} at ${w.seconds.toFixed(1)} s, ${w.probability.toFixed(2)}`;
          heard.prepend(line);
        });
      };
      await context.audioWorklet.addModule('microphone.js');
      const processor = new AudioWorkletNode(context, 'microphone');
      processor.port.onmessage = e => socket.readyState === 1 && socket.send(e.data.buffer);
      context.createMediaStreamSource(microphone).connect(processor);
    } catch (error) {
      end();
      run.disabled = false;
      says(output, error);
    }
  };
}

// ---- the steps that follow a table

const SVG = 'http://www.w3.org/2000/svg';
function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  return element;
}

function chart(f) {
  const history = f.history.slice(-3 * f.mean.length);
  const bands = f.quantiles ? [f.quantiles['0.1'], f.quantiles['0.9']] : [];
  const all = [...history, ...f.mean, ...bands.flat()].filter(v => v !== null);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const total = history.length + f.mean.length;
  const x = i => (10 + 580 * i / Math.max(1, total - 1)).toFixed(1);
  const y = v => (190 - 180 * (v - low) / (high - low || 1)).toFixed(1);
  const path = (values, from) => values.map((v, i) => [v, i]).filter(([v]) => v !== null).map(([v, i], k) => `${k ? 'L' : 'M'}${x(from + i)} ${y(v)}`).join('');
  const svg = shape('svg', {viewBox: '0 0 600 200', role: 'img', 'aria-label': `${f.id}: ${f.mean.length} steps from ${f.ds[0]} on, from ${(+f.mean[0]).toPrecision(4)} to ${(+f.mean[f.mean.length - 1]).toPrecision(4)}`});
  if (bands.length) {
    const back = bands[0].map((v, i) => [v, i]).reverse().map(([v, i]) => `L${x(history.length + i)} ${y(v)}`).join('');
    svg.append(shape('path', {class: 'band', d: path(bands[1], history.length) + back + 'Z'}));
  }
  svg.append(shape('path', {class: 'past', d: path(history, 0)}), shape('path', {class: 'future', d: path(f.mean, history.length)}));
  return svg;
}

function forecast(model) {
  const section = panel('forecast', 'Forecast: ' + model.name);
  const output = section.querySelector('output');
  const figures = section.querySelector('.figures');
  const area = section.querySelector('textarea');
  section.querySelector('.horizon').value = model.forecast;
  const take = async file => { area.value = await file.text(); run(); };
  section.querySelector('input[type=file]').onchange = e => e.target.files[0] && take(e.target.files[0]);
  section.addEventListener('dragover', e => e.preventDefault());
  section.addEventListener('drop', e => { e.preventDefault(); if (e.dataTransfer.files[0]) take(e.dataTransfer.files[0]); });
  async function run() {
    try {
      const said = await (await ask(`/v1/models/${model.name}/forecast?horizon=${+section.querySelector('.horizon').value}`, {method: 'POST', headers: {'Content-Type': 'text/csv'}, body: area.value})).json();
      output.className = '';
      output.textContent = said.notes.join(' ');
      figures.replaceChildren(...said.forecasts.slice(0, 12).map(f => {
        const figure = document.createElement('figure');
        const caption = document.createElement('figcaption');
        caption.textContent = `${f.id}: ${f.ds[0]} to ${f.ds[f.ds.length - 1]}${f.quantiles ? ', with the band from 10 to 90 %' : ''}`;
        const details = document.createElement('details');
        const summary = document.createElement('summary');
        summary.textContent = 'as numbers';
        const list = document.createElement('pre');
        list.textContent = f.ds.map((d, i) => [d, f.mean[i], ...(f.quantiles ? [f.quantiles['0.1'][i], f.quantiles['0.9'][i]] : [])].join(', ')).join('\n');
        details.append(summary, list);
        figure.append(caption, chart(f), details);
        return figure;
      }));
    } catch (error) {
      figures.replaceChildren();
      says(output, error);
    }
  }
  section.querySelector('.run').onclick = run;
}
