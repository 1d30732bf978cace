// What a new form may begin with.
import type { FormDefinition, FormField } from "@/api/types.ts";
import { defaultColor, emptyField } from "./form-model.ts";

export const startingPoints = ["feedback", "support", "refund"] as const;
export type StartingPoint = (typeof startingPoints)[number];

type Say = (key: string, values?: Record<string, string>) => string;

/** A whole form in the language of the person who builds it. */
export function startingDefinition(point: StartingPoint, t: Say): FormDefinition {
  const field = (own: Partial<FormField> & Pick<FormField, "name">): FormField => ({ ...emptyField, ...own });
  const name = field({ name: "name", label: t("forms:start.field.name"), required: true, means: "name" });
  const email = field({
    name: "email",
    type: "email",
    label: t("forms:start.field.email"),
    required: true,
    means: "email",
  });
  const phone = field({ name: "phone", type: "phone", label: t("forms:start.field.phone"), means: "phone" });
  const order = field({ name: "order", label: t("forms:start.field.order"), required: true });
  const file = field({ name: "files", type: "file", label: t("forms:start.field.files") });
  const message = (key: "message" | "problem" | "claim") =>
    field({
      name: "message",
      type: "long_text",
      label: t(`forms:start.field.${key}`),
      required: true,
      means: "text",
    });
  const choice = (key: "area" | "wish", options: readonly string[]) =>
    field({
      name: key,
      type: "choice",
      label: t(`forms:start.field.${key}`),
      required: true,
      options: options.map((option) => t(`forms:start.option.${option}`)),
    });
  const subject = field({
    name: "subject",
    label: t("forms:start.field.subject"),
    required: true,
    means: "subject",
  });

  const fields = {
    feedback: [name, email, message("message")],
    support: [
      name,
      email,
      subject,
      choice("area", ["access", "payment", "work", "other"]),
      message("problem"),
      file,
    ],
    refund: [
      name,
      email,
      phone,
      order,
      choice("wish", ["money", "exchange", "repair"]),
      message("claim"),
      file,
    ],
  }[point];
  const outcome = {
    feedback: { ticket: false, type: null, priority: null, subject: "" },
    support: { ticket: true, type: "incident" as const, priority: "none" as const, subject: "" },
    refund: {
      ticket: true,
      type: "claim" as const,
      priority: "medium" as const,
      subject: t("forms:start.refund.subject", { order: "{{order}}" }),
    },
  }[point];
  return {
    title: t(`forms:start.${point}.heading`),
    text: t(`forms:start.${point}.lead`),
    fields,
    submit_text: "",
    thanks_text: t(`forms:start.${point}.thanks`, { number: "{{number}}" }),
    consent: { text: t("forms:start.consent"), url: "" },
    outcome,
    color: defaultColor,
    puzzle: true,
  };
}
