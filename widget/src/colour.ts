// Colours that stay readable whatever brand colour a site has. Contrast is WCAG 2's.

export type Rgb = [number, number, number];

/** The colour of a site that names none, or none we can read. */
const FALLBACK: Rgb = [91, 91, 214];

/** `#abc`, `#aabbcc`, `#aabbccdd` (its transparency is dropped). */
export function parse(colour: string): Rgb {
  const hex = colour.trim().replace(/^#/, "");
  const full = /^[0-9a-f]{3}$/i.test(hex) ? [...hex].map((digit) => digit + digit).join("") : hex;
  if (!/^[0-9a-f]{6}([0-9a-f]{2})?$/i.test(full)) return FALLBACK;
  const part = (start: number) => Number.parseInt(full.slice(start, start + 2), 16);
  return [part(0), part(2), part(4)];
}

export function css([red, green, blue]: Rgb): string {
  return `rgb(${red},${green},${blue})`;
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one: Rgb, other: Rgb): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];

/** White where it can be read, else black. One of the two always reaches 4.5:1. */
export function textOn(colour: Rgb): Rgb {
  return contrast(WHITE, colour) >= 4.5 ? WHITE : BLACK;
}

/** `share` of `other` in `colour`. */
export function mix(colour: Rgb, other: Rgb, share: number): Rgb {
  return colour.map((value, index) => Math.round(value + ((other[index] ?? 0) - value) * share)) as Rgb;
}

/** The colour itself, made darker or lighter until it reads on `surface`. */
export function readableOn(surface: Rgb, colour: Rgb): Rgb {
  const towards = textOn(surface);
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(colour, towards, share);
    if (contrast(candidate, surface) >= 4.5) return candidate;
  }
  return towards;
}

/** The surfaces on which text of the brand's colour may stand: the one with the least contrast of each theme. */
const SURFACES: Record<"light" | "dark", Rgb> = { light: [240, 241, 245], dark: [43, 45, 54] };

/** Custom properties of the widget's root for a brand colour. */
export function palette(colour: string, theme: "light" | "dark"): Record<string, string> {
  const accent = parse(colour);
  const on = textOn(accent);
  return {
    "--accent": css(accent),
    "--on-accent": css(on),
    "--accent-hover": css(mix(accent, on === WHITE ? BLACK : WHITE, 0.1)),
    "--accent-text": css(readableOn(SURFACES[theme], accent)),
  };
}
