/** A short tone for an answer that nobody sees arrive; made here, so that no file is needed. */
const VOLUME = 0.05;
const PITCH = 660;
const SECONDS = 0.2;

export class Sound {
  on = new URLSearchParams(location.search).get("sound") !== "false";
  seen = false;
  #context = null;

  play() {
    const unseen = !this.seen || document.hidden;
    // Before the first click or key in the frame a browser plays nothing and complains.
    if (!this.on || !unseen || !navigator.userActivation?.hasBeenActive) return;
    this.#context ??= new AudioContext();
    const tone = this.#context.createOscillator();
    const gain = this.#context.createGain();
    const end = this.#context.currentTime + SECONDS;
    tone.frequency.value = PITCH;
    gain.gain.value = VOLUME;
    gain.gain.linearRampToValueAtTime(0, end);
    tone.connect(gain).connect(this.#context.destination);
    tone.start();
    tone.stop(end);
  }
}
