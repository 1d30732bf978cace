import { expect, test } from "vitest";
import type { WebForm } from "@/api/types.ts";
import {
  builderValues,
  definitionOf,
  emptyField,
  faultsOf,
  formPatch,
  freeName,
  moved,
  withType,
} from "./form-model.ts";

const form: WebForm = {
  id: "1",
  line: { id: "line", key: "SUPPORT", name: "Поддержка" },
  name: "На сайте",
  definition: {
    title: "Обратная связь",
    text: "",
    submit_text: "",
    thanks_text: "",
    color: "#5B5BD6",
    puzzle: true,
    consent: { text: "Согласен", url: "https://example.com" },
    outcome: { ticket: true, type: "claim", priority: "high", subject: "" },
    fields: [
      { ...emptyField, name: "email", type: "email", label: "Почта", required: true, means: "email" },
      { ...emptyField, name: "topic", type: "choice", label: "Тема", options: ["Заказ", "Возврат"] },
    ],
  },
  enabled: true,
  key: "key",
  url: "",
  embed: "",
  submissions: 0,
  created_at: "",
  updated_at: "",
};

test("a form goes through the builder unchanged", () => {
  expect(definitionOf(builderValues(form))).toEqual(form.definition);
});

test("only what was changed is sent, the definition whole", () => {
  const values = builderValues(form);
  expect(formPatch(values, { name: "Другая" })).toEqual({ name: "Другая" });
  const changed = { title: "Новый заголовок" };
  expect(formPatch({ ...values, ...changed }, changed)).toEqual({
    definition: { ...form.definition, title: "Новый заголовок" },
  });
});

test("without consent and ticket nothing of them is sent, empty options neither", () => {
  const values = { ...builderValues(form), consent: false, ticket: false };
  values.fields = values.fields.map((field) => ({ ...field, options: [...field.options, " ", ""] }));
  const definition = definitionOf(values);
  expect(definition.consent).toBeNull();
  expect(definition.outcome).toEqual({ ticket: false, type: null, priority: null, subject: "" });
  expect(definition.fields.map((field) => field.options)).toEqual([[], ["Заказ", "Возврат"]]);
});

test("the server's complaints find their places", () => {
  const { fields } = builderValues(form);
  const errors = {
    "definition.fields[1].options": "Нужно хотя бы два варианта",
    "definition.fields[1].label": "Напишите название поля",
    "definition.consent.text": "Напишите текст согласия",
    "definition.fields": "От 1 до 40 полей",
    "definition.fields[7].name": "Такого поля нет",
    line_id: "Нет такой линии",
  };
  expect(faultsOf(errors, fields)).toEqual({
    fields: { topic: { options: "Нужно хотя бы два варианта", label: "Напишите название поля" } },
    values: {
      consent_text: "Напишите текст согласия",
      fields: "От 1 до 40 полей",
      line_id: "Нет такой линии",
    },
  });
});

test("fields move inside the list only", () => {
  expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(moved(["a", "b", "c"], 2, 1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  expect(moved(["a", "b"], 1, 2)).toEqual(["a", "b"]);
});

test("a name is taken once", () => {
  expect(freeName("phone", form.definition.fields)).toBe("phone");
  expect(freeName("email", form.definition.fields)).toBe("email_2");
});

test("another type keeps only what fits it", () => {
  const [email] = builderValues(form).fields;
  expect(email && withType(email, "text")).toMatchObject({ type: "text", means: null, required: true });
  expect(email && withType(email, "hidden")).toMatchObject({ required: false });
  const words = { ...emptyField, preset: "Здравствуйте", means: "text" as const };
  expect(withType(words, "long_text")).toMatchObject({ preset: "Здравствуйте", means: "text" });
  expect(withType(words, "checkbox")).toMatchObject({ preset: "", means: null });
});
