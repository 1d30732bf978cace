import { expect, test } from "vitest";
import { fillHtmlTemplate, fillTemplate, unknownVariables } from "./letter-template.ts";

test("known variables are filled, others stay", () => {
  expect(fillTemplate("№ {{number}} {{ line }} {{nmber}}", { number: "118", line: "Поддержка" })).toBe(
    "№ 118 Поддержка {{nmber}}",
  );
});

test("a value never becomes markup", () => {
  expect(fillHtmlTemplate("<p>{{company}}</p>", { company: '<b>"Рога & копыта"</b>' })).toBe(
    "<p>&lt;b&gt;&quot;Рога &amp; копыта&quot;&lt;/b&gt;</p>",
  );
});

test("misspelt variables are found once", () => {
  expect(unknownVariables("{{operator}} {{oprator}} {{oprator}} {{number}}", ["operator"])).toEqual([
    "oprator",
    "number",
  ]);
});
