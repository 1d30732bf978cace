// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TitleBlink } from "./alert.ts";

let visible = false;
let still = false;

beforeEach(() => {
  vi.useFakeTimers();
  visible = still = false;
  document.title = "Магазин";
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => (visible ? "visible" : "hidden"));
  vi.stubGlobal("matchMedia", () => ({ matches: still }));
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("the title of a hidden tab blinks until the visitor looks", () => {
  const blink = new TitleBlink();
  blink.start("Новое сообщение");
  expect(document.title).toBe("Новое сообщение");
  vi.advanceTimersByTime(1200);
  expect(document.title).toBe("Магазин");
  vi.advanceTimersByTime(1200);
  expect(document.title).toBe("Новое сообщение");
  blink.stop();
  expect(document.title).toBe("Магазин");
  vi.advanceTimersByTime(10_000);
  expect(document.title).toBe("Магазин");
});

test("a title that the page changes meanwhile is not taken back", () => {
  const blink = new TitleBlink();
  blink.start("Новое сообщение");
  document.title = "Корзина";
  vi.advanceTimersByTime(2400);
  blink.stop();
  expect(document.title).toBe("Корзина");
});

test("nothing blinks for who wants less motion, and nothing changes in a tab that is looked at", () => {
  still = true;
  const blink = new TitleBlink();
  blink.start("Новое сообщение");
  expect(document.title).toBe("Новое сообщение · Магазин");
  vi.advanceTimersByTime(5000);
  expect(document.title).toBe("Новое сообщение · Магазин");
  blink.stop();
  visible = true;
  blink.start("Новое сообщение");
  expect(document.title).toBe("Магазин");
});
