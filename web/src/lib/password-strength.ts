// A hint on how hard a password is to guess. Only a hint: the server decides what it accepts.

export interface Strength {
  /** 0 (not accepted) to 4. */
  score: 0 | 1 | 2 | 3 | 4;
  hint: "short" | "personal" | "repeats" | "weak" | "fair" | "good" | "strong";
}

const shortest = 8;

/** How many characters one would have to try at each place. */
function alphabet(password: string): number {
  const kinds: [RegExp, number][] = [
    [/\p{Ll}/u, 30],
    [/\p{Lu}/u, 30],
    [/\d/, 10],
    [/[^\p{L}\d]/u, 30],
  ];
  return kinds.reduce((sum, [pattern, size]) => sum + (pattern.test(password) ? size : 0), 0);
}

/** Characters that add something: repeats and steps such as "aaa", "123" or "cba" count once. */
function surprising(password: string): number {
  const codes = [...password].map((character) => character.codePointAt(0) ?? 0);
  return codes.filter((code, index) => {
    const step = code - (codes[index - 1] ?? Number.NaN);
    const before = (codes[index - 1] ?? 0) - (codes[index - 2] ?? Number.NaN);
    return !(Math.abs(step) <= 1 && step === before);
  }).length;
}

/** `personal`: words a stranger would try first (name, address, company). */
export function passwordStrength(password: string, personal: readonly string[]): Strength {
  const length = [...password].length;
  if (length < shortest) return { score: 0, hint: "short" };
  const lower = password.toLowerCase();
  const words = personal
    .flatMap((text) => text.toLowerCase().split(/[\s@.,«»"]+/))
    .filter((word) => word.length >= 4);
  const own = words.find((word) => lower.includes(word));
  if (own && lower.length - own.length < shortest / 2) return { score: 1, hint: "personal" };
  const effective = surprising(password);
  if (effective < length / 2) return { score: 1, hint: "repeats" };
  const bits = effective * Math.log2(alphabet(password));
  if (bits < 48) return { score: 1, hint: "weak" };
  if (bits < 60) return { score: 2, hint: "fair" };
  if (bits < 80) return { score: 3, hint: "good" };
  return { score: 4, hint: "strong" };
}
