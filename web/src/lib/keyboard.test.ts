import { describe, expect, it } from "vitest";
import { chord, type KeyPress, noSequence, step } from "./keyboard.ts";

const press = (code: string, key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  code,
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe("chord", () => {
  it("reads the physical key on a Russian layout", () => {
    expect(chord(press("KeyJ", "о"))).toBe("j");
    expect(chord(press("KeyK", "л", { ctrlKey: true }))).toBe("mod+k");
    expect(chord(press("Slash", "."))).toBe("/");
    expect(chord(press("BracketLeft", "х"))).toBe("[");
  });
  it("knows a question mark wherever the layout has it", () => {
    expect(chord(press("Slash", "?", { shiftKey: true }))).toBe("?");
    expect(chord(press("Slash", ",", { shiftKey: true }))).toBe("?");
    expect(chord(press("Digit7", "?", { shiftKey: true }))).toBe("?");
  });
  it("leaves Alt and unknown keys to the system", () => {
    expect(chord(press("KeyJ", "j", { altKey: true }))).toBeNull();
    expect(chord(press("F5", "F5"))).toBeNull();
  });
  it("tells Shift and Ctrl apart", () => {
    expect(chord(press("Enter", "Enter", { ctrlKey: true, shiftKey: true }))).toBe("mod+shift+enter");
    expect(chord(press("KeyR", "R", { shiftKey: true }))).toBe("shift+r");
  });
});

describe("step", () => {
  const bindings = new Set(["j", "g m", "m"]);
  it("matches a plain key at once", () => {
    expect(step(noSequence, "j", 0, bindings).match).toBe("j");
  });
  it("waits for the second key of a sequence", () => {
    const first = step(noSequence, "g", 100, bindings);
    expect(first.match).toBeNull();
    expect(step(first.state, "m", 900, bindings).match).toBe("g m");
  });
  it("forgets the first key after a while", () => {
    const first = step(noSequence, "g", 100, bindings);
    expect(step(first.state, "m", 2_000, bindings).match).toBe("m");
  });
  it("starts anew after a key that fits nothing", () => {
    const first = step(noSequence, "g", 100, bindings);
    const wrong = step(first.state, "x", 200, bindings);
    expect(wrong).toEqual({ match: null, state: noSequence });
  });
});
