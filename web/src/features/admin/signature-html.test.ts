import { expect, test } from "vitest";
import { fitsEditor, linkAddress } from "./signature-html.ts";

test("a designed signature is left to the HTML field", () => {
  expect(
    fitsEditor('<p>С уважением,<br><strong>{{operator}}</strong> <a href="https://x.ru">x.ru</a></p>'),
  ).toBe(true);
  expect(fitsEditor("<table><tr><td>1</td></tr></table>")).toBe(false);
  expect(fitsEditor('<p style="color:red">x</p>')).toBe(false);
});

test("a link is made whole and never a script", () => {
  expect(linkAddress("romashka.ru/sale")).toBe("https://romashka.ru/sale");
  expect(linkAddress("romashka.ru:8443/x")).toBe("https://romashka.ru:8443/x");
  expect(linkAddress("info@romashka.ru")).toBe("mailto:info@romashka.ru");
  expect(linkAddress("tel:+74951234567")).toBe("tel:+74951234567");
  expect(linkAddress("javascript:alert(1)")).toBe("");
  expect(linkAddress("  ")).toBe("");
});
