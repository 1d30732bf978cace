// How a new message makes itself known in a tab: a short sound and the page's title.

let context: AudioContext | null = null;

/** Browsers let a page sound only after the visitor has touched it; until then this does nothing. */
export function chime(): void {
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") void context.resume();
    const start = context.currentTime;
    // Two soft notes, made here: a file would need one more permission of a strict CSP.
    for (const [index, frequency] of [659, 880].entries()) {
      const at = start + index * 0.12;
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.08, at + 0.015);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + 0.4);
    }
  } catch {}
}

/** The title says "there is news" in turn with the page's own one until the visitor looks. */
export class TitleBlink {
  #timer: ReturnType<typeof setInterval> | undefined;
  #own = "";
  #ours = "";

  start(news: string): void {
    if (this.#timer || document.visibilityState === "visible") return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#own = document.title;
    this.#ours = still ? `${news} · ${this.#own}` : news;
    document.title = this.#ours;
    this.#timer = setInterval(() => {
      if (still) return;
      // A page that changes its own title meanwhile keeps the new one.
      if (document.title !== this.#ours) this.#own = document.title;
      document.title = document.title === this.#ours ? this.#own : this.#ours;
    }, 1200);
  }

  stop(): void {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (document.title === this.#ours) document.title = this.#own;
  }
}
