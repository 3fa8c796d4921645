'use strict';
// Runs beside the page: hands on what the microphone hears, some milliseconds at a time.
registerProcessor('microphone', class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.samples = new Float32Array(Math.max(128, Math.round(sampleRate / 25)));
    this.at = 0;
  }

  process([[channel]]) {
    for (const v of channel || []) {
      this.samples[this.at++] = v;
      if (this.at === this.samples.length) {
        this.port.postMessage(this.samples.slice());
        this.at = 0;
      }
    }
    return true;
  }
});
