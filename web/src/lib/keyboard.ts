// The keyboard by physical keys, so that it works on a Russian layout: `j` is the key that carries J, whatever it types.
// Pure matching here; `useKeys` in ui/use-keys.ts listens.

export interface KeyPress {
  code: string;
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const named: Record<string, string> = {
  Slash: "/",
  BracketLeft: "[",
  BracketRight: "]",
  Enter: "enter",
  NumpadEnter: "enter",
  Escape: "esc",
  ArrowUp: "up",
  ArrowDown: "down",
  Comma: ",",
  Period: ".",
};

/** A press as we write it in a map: "j", "g", "mod+k", "mod+shift+enter", "?". Null for keys we never use. */
export function chord(press: KeyPress): string | null {
  const letter = press.code.match(/^Key([A-Z])$/)?.[1]?.toLowerCase();
  const digit = press.code.match(/^Digit([0-9])$/)?.[1];
  let base = letter ?? digit ?? named[press.code];
  if (!base) return null;
  const modifier = press.ctrlKey || press.metaKey;
  if (press.altKey) return null;
  // A question mark is typed by different keys on different layouts: the sign itself counts, wherever it is.
  if (!modifier && press.shiftKey && (base === "/" || press.key === "?")) return "?";
  if (press.shiftKey) base = `shift+${base}`;
  return modifier ? `mod+${base}` : base;
}

export interface SequenceState {
  /** The first key of a sequence ("g") and when it was pressed, in milliseconds. */
  pending: string | null;
  since: number;
}

export const noSequence: SequenceState = { pending: null, since: 0 };
const patience = 1_200;

/** Feeds one press: returns the binding that matched ("j", "g m") or null, and the state for the next press. */
export function step(
  state: SequenceState,
  pressed: string,
  at: number,
  bindings: ReadonlySet<string>,
): { match: string | null; state: SequenceState } {
  if (state.pending && at - state.since <= patience) {
    const sequence = `${state.pending} ${pressed}`;
    if (bindings.has(sequence)) return { match: sequence, state: noSequence };
  }
  if (bindings.has(pressed)) return { match: pressed, state: noSequence };
  for (const binding of bindings) {
    if (binding.startsWith(`${pressed} `)) return { match: null, state: { pending: pressed, since: at } };
  }
  return { match: null, state: noSequence };
}

/** True when the person is typing into something, so that plain letters are theirs. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement)
    return !["checkbox", "radio", "button", "submit", "reset"].includes(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    target.getAttribute("role") === "textbox"
  );
}
