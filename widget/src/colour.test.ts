import { expect, test } from "vitest";
import { contrast, mix, palette, parse, type Rgb, readableOn, textOn } from "./colour.ts";

const brands = [
  "#000",
  "#fff",
  "#5b5bd6",
  "#ffe600",
  "#ff6a00",
  "#00b956",
  "#777777",
  "#767676",
  "#808080",
  "#e30613",
];

function rgb(css: string): Rgb {
  return (css.match(/\d+/g) ?? []).map(Number) as Rgb;
}

test("text on any colour reads at 4.5:1 or better", () => {
  for (let value = 0; value < 1 << 24; value += 4099) {
    const colour: Rgb = [value >> 16, (value >> 8) & 255, value & 255];
    expect(contrast(textOn(colour), colour), colour.join()).toBeGreaterThanOrEqual(4.5);
  }
});

test("a hovered button reads as well as a resting one", () => {
  for (const brand of brands) {
    const { "--accent-hover": hover, "--on-accent": on } = palette(brand, "light") as Record<string, string>;
    expect(contrast(rgb(hover ?? ""), rgb(on ?? "")), brand).toBeGreaterThanOrEqual(4.5);
  }
});

test("links in the brand's colour read on every surface of both themes", () => {
  const surfaces: Record<"light" | "dark", Rgb[]> = {
    light: [
      [255, 255, 255],
      [240, 241, 245],
    ],
    dark: [
      [28, 29, 35],
      [43, 45, 54],
    ],
  };
  for (const brand of brands) {
    for (const theme of ["light", "dark"] as const) {
      const text = rgb(palette(brand, theme)["--accent-text"] ?? "");
      for (const surface of surfaces[theme]) {
        expect(contrast(text, surface), `${brand} ${theme}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  }
});

test("a colour that already reads stays as it is", () => {
  expect(readableOn([255, 255, 255], [76, 76, 194])).toEqual([76, 76, 194]);
});

test("colours are read in their short and long forms, and a broken one is replaced", () => {
  expect(parse("#5b5bd6")).toEqual([91, 91, 214]);
  expect(parse(" abc ")).toEqual([170, 187, 204]);
  expect(parse("#11223344")).toEqual([17, 34, 51]);
  expect(parse("red; background: url(x)")).toEqual([91, 91, 214]);
  expect(mix([0, 0, 0], [255, 255, 255], 0.5)).toEqual([128, 128, 128]);
});
