// Short sounds, made on the spot: nothing to download. A sound is a few notes.

export type SoundName = "drop" | "bell" | "chime" | "pulse" | "call";

interface Note {
  /** Seconds after the beginning. */
  at: number;
  hertz: number;
  seconds: number;
  loud: number;
  wave: OscillatorType;
}

const note = (
  at: number,
  hertz: number,
  seconds: number,
  loud = 0.16,
  wave: OscillatorType = "sine",
): Note => ({ at, hertz, seconds, loud, wave });

export const sounds: Record<SoundName, readonly Note[]> = {
  drop: [note(0, 880, 0.09), note(0.06, 1318.5, 0.22)],
  bell: [note(0, 1046.5, 0.9), note(0, 2093, 0.5, 0.06), note(0, 3140, 0.25, 0.03)],
  chime: [note(0, 659.3, 0.5), note(0.14, 830.6, 0.5), note(0.28, 987.8, 0.7)],
  pulse: [note(0, 330, 0.12, 0.14, "triangle"), note(0.18, 330, 0.12, 0.14, "triangle")],
  call: [0, 0.9].flatMap((at) => [
    note(at, 784, 0.22, 0.16, "triangle"),
    note(at + 0.2, 988, 0.22, 0.16, "triangle"),
    note(at + 0.4, 784, 0.3, 0.16, "triangle"),
  ]),
};

export const soundNames = Object.keys(sounds) as SoundName[];

/** How long a sound lasts, in seconds. */
export function lengthOf(name: SoundName): number {
  return Math.max(...sounds[name].map((each) => each.at + each.seconds));
}

let shared: AudioContext | null = null;

/** Plays a sound. Before the person has touched the page a browser may keep silent: then nothing is heard, and nothing fails. */
export async function playSound(name: SoundName): Promise<boolean> {
  try {
    shared ??= new AudioContext();
    const context = shared;
    if (context.state === "suspended") await Promise.race([context.resume(), later(300)]);
    if (context.state !== "running") return false;
    for (const { at, hertz, seconds, loud, wave } of sounds[name]) {
      const start = context.currentTime + at;
      const tone = new OscillatorNode(context, { type: wave, frequency: hertz });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(loud, start + 0.012);
      gain.gain.exponentialRampToValueAtTime(0.0001, start + seconds);
      tone.connect(gain).connect(context.destination);
      tone.start(start);
      tone.stop(start + seconds);
    }
    return true;
  } catch {
    return false;
  }
}

const later = (delay: number) => new Promise((resolve) => setTimeout(resolve, delay));
