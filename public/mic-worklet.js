// Mixes all channels of the microphone down to one and posts blocks of about 100 ms at the device's rate.
// Messages in: "flush" (post what is left, then an empty block, and listen no more), "listen", and "share" with a port on
// which everything is posted too: the sound that is kept does not wait for the page.
class MicTap extends AudioWorkletProcessor {
  constructor() {
    super();
    this.size = Math.round(sampleRate / 10);
    this.block = new Float32Array(this.size);
    this.filled = 0;
    this.listening = true;
    this.shared = null;
    this.port.onmessage = ({ data, ports }) => {
      if (data === "share") {
        this.shared = ports[0];
        return;
      }
      this.listening = data === "listen";
      if (data === "flush") {
        this.send();
        this.shared?.postMessage(new Float32Array(0));
        this.port.postMessage(new Float32Array(0));
      }
    };
  }

  process([channels]) {
    if (!this.listening || channels.length === 0) return true;
    for (let frame = 0; frame < channels[0].length; frame += 1) {
      let sum = 0;
      for (const channel of channels) sum += channel[frame];
      this.block[this.filled] = sum / channels.length;
      this.filled += 1;
      if (this.filled === this.size) this.send();
    }
    return true;
  }

  send() {
    if (this.filled === 0) return;
    const block = this.block.slice(0, this.filled);
    this.filled = 0;
    this.shared?.postMessage(block);
    this.port.postMessage(block, [block.buffer]);
  }
}

registerProcessor("mic-tap", MicTap);
