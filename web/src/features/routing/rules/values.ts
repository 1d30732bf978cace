// What a test compares with: which shape an operator wants, and how a value gets into it. Pure.
import type { TestNode } from "./condition.ts";
import type { Attribute } from "./types.ts";

export type Shape = "nothing" | "one" | "list" | "two";

type Asked = Pick<Attribute, "kind" | "operators" | "options">;

const looking = ["contains", "contains_all", "not_contains", "starts_with", "ends_with"];

export function shapeOf(kind: string, operator: string): Shape {
  if (operator === "empty" || operator === "not_empty") return "nothing";
  if (operator === "between") return "two";
  if (operator === "in" || operator === "not_in") return "list";
  return kind === "text" && looking.includes(operator) ? "list" : "one";
}

/** The value for another operator: keeps what still makes sense. */
export function fitted(kind: string, operator: string, value: unknown): unknown {
  const values = (Array.isArray(value) ? value : [value]).filter((each) => each !== null && each !== "");
  switch (shapeOf(kind, operator)) {
    case "nothing":
      return null;
    case "list":
      return values;
    case "two":
      return [values[0] ?? null, values[1] ?? null];
    case "one":
      return values[0] ?? null;
  }
}

/** What a test on this attribute begins with. */
export function firstTest({ kind, operators, options }: Asked): Pick<TestNode, "operator" | "value"> {
  const list = kind === "choice" || kind === "id" ? "in" : undefined;
  const operator = operators.find((each) => each === list) ?? operators[0] ?? "eq";
  if (kind === "bool") return { operator, value: true };
  if (kind === "time") return { operator, value: "18:00" };
  const only = options.length === 1 ? options[0]?.value : undefined;
  return { operator, value: fitted(kind, operator, only ?? null) };
}

/** Something has still to be filled in. */
export function isMissing(kind: string, { operator, value }: Pick<TestNode, "operator" | "value">): boolean {
  const blank = (each: unknown) => each === null || each === undefined || each === "";
  switch (shapeOf(kind, operator)) {
    case "nothing":
      return false;
    case "list":
      return !Array.isArray(value) || value.length === 0;
    case "two":
      return !Array.isArray(value) || value.length !== 2 || value.some(blank);
    case "one":
      return blank(value) || Array.isArray(value);
  }
}
