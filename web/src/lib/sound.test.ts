import { expect, test } from "vitest";
import { lengthOf, soundNames, sounds } from "./sound.ts";

test("every sound is short, heard, and never louder than its notes together may be", () => {
  expect(soundNames).toHaveLength(5);
  for (const name of soundNames) {
    expect(lengthOf(name)).toBeLessThan(2);
    for (const note of sounds[name]) {
      expect(note.hertz).toBeGreaterThan(200);
      expect(note.loud).toBeGreaterThan(0);
      expect(note.loud).toBeLessThanOrEqual(0.2);
    }
  }
});
