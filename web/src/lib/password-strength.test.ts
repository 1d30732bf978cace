import { expect, test } from "vitest";
import { passwordStrength } from "./password-strength.ts";

const hint = (password: string, personal: string[] = []) => passwordStrength(password, personal).hint;

test("what the server refuses is told before it is asked", () => {
  expect(passwordStrength("семь777", []).score).toBe(0);
  expect(hint("aaaaaaaaaa")).toBe("repeats");
  expect(hint("1234567890")).toBe("repeats");
});

test("the own name and address make a poor password", () => {
  expect(hint("romashka1", ["anna@romashka.ru"])).toBe("personal");
  expect(hint("соколова77", ["Вера Соколова"])).toBe("personal");
  expect(hint("соколова едет на юг", ["Вера Соколова"])).toBe("strong");
});

test("longer is better, in any alphabet", () => {
  expect(hint("фикус8лт")).toBe("weak");
  expect(passwordStrength("синий фикус у окна", []).score).toBe(4);
  expect(passwordStrength("tR7!kq92", []).score).toBeGreaterThanOrEqual(2);
});
