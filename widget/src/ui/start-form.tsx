// What the site asks before a conversation, and the message left when nobody is there: the same form, with a mail address in the second.

import type { TargetedInputEvent, TargetedSubmitEvent } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import type { TextKey } from "../texts.ts";
import type { Field } from "../types.ts";
import { useChat, useSurroundings } from "./context.ts";

interface Props {
  /** The answer goes to a mail address, so it is asked for. */
  mail: boolean;
}

export function StartForm({ mail }: Props) {
  const { chat, shell, t } = useSurroundings();
  const { config, visitor, consented } = useChat();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const fields = fieldsOf(config.fields, mail);
  const [values, setValues] = useState<Record<string, string>>(() => ({
    name: visitor?.name ?? "",
    email: visitor?.email ?? "",
    phone: visitor?.phone ?? "",
    message: chat.visit.get<string>("draft") ?? "",
  }));
  const [agreed, setAgreed] = useState(false);
  const [tried, setTried] = useState(false);
  const consent = consented ? null : config.consent;

  const problem = (name: string, required: boolean): TextKey | "" => {
    const value = (values[name] ?? "").trim();
    if (!value) return required ? "field_required" : "";
    if (name === "email" && !/^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(value)) return "email_wrong";
    if (name === "phone" && value.replace(/\D/g, "").length < 7) return "phone_wrong";
    return "";
  };

  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    const wrong = [...fields, message].some((field) => problem(field.name, field.required));
    if (wrong || (consent && !agreed)) {
      // After the marks are drawn: the first thing to mend gets the focus.
      setTimeout(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    const filled = fields
      .map(({ name }) => [name, (values[name] ?? "").trim()] as const)
      .filter(([, value]) => value);
    chat.consent();
    chat.send(values.message ?? "", { fields: Object.fromEntries(filled) });
    chat.visit.remove("draft");
    shell.set({ place: "chat", mailed: mail });
  };

  const control = (field: Field) => {
    const wrong = tried ? problem(field.name, field.required) : "";
    const common = {
      id: id + field.name,
      name: field.name,
      value: values[field.name] ?? "",
      required: field.required,
      dir: "auto" as const,
      "aria-invalid": wrong !== "",
      "aria-describedby": wrong ? `${id}${field.name}-wrong` : undefined,
      onInput: (event: TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) => {
        const { value } = event.currentTarget;
        setValues((before) => ({ ...before, [field.name]: value }));
        if (field.name === "message") chat.visit.set("draft", value);
      },
    };
    return (
      <div class="field" key={field.name}>
        <label for={common.id}>
          {field.label || t(`field_${field.name}` as TextKey)}
          {!field.required && <span class="soft"> · {t("optional")}</span>}
        </label>
        {field.name === "message" ? (
          <textarea {...common} rows={4} maxLength={10_000} />
        ) : (
          <input
            {...common}
            type={({ email: "email", phone: "tel" } as const)[field.name as "email"] ?? "text"}
            autoComplete={{ name: "name", email: "email", phone: "tel" }[field.name] ?? "off"}
            maxLength={300}
          />
        )}
        {wrong && (
          <p class="wrong" id={`${id}${field.name}-wrong`}>
            {t(wrong)}
          </p>
        )}
      </div>
    );
  };

  const greeting = mail && !config.online ? config.offline.text : config.greeting;
  return (
    <form class="body form" noValidate onSubmit={submit} ref={form}>
      {greeting && (
        <p class="greeting" dir="auto">
          {greeting}
        </p>
      )}
      {[...fields, message].map(control)}
      {consent && (
        <div class="field">
          <div class="consent">
            <input
              type="checkbox"
              id={`${id}consent`}
              checked={agreed}
              aria-invalid={tried && !agreed}
              aria-describedby={tried && !agreed ? `${id}consent-wrong` : undefined}
              onChange={(event) => setAgreed(event.currentTarget.checked)}
            />
            <span dir="auto">
              <label for={`${id}consent`}>{consent.text}</label>{" "}
              {consent.url && (
                <a href={consent.url} target="_blank" rel="noopener noreferrer">
                  {t("consent_policy")}
                </a>
              )}
            </span>
          </div>
          {tried && !agreed && (
            <p class="wrong" id={`${id}consent-wrong`}>
              {t("consent_required")}
            </p>
          )}
        </div>
      )}
      <button type="submit" class="main-button">
        {t(mail ? "mail_send" : "start")}
      </button>
    </form>
  );
}

const message: Field = { name: "message", label: "", required: true };

/** Without an address a message left by mail could not be answered. */
function fieldsOf(fields: Field[], mail: boolean): Field[] {
  if (!mail) return fields;
  const rest = fields.filter(({ name }) => name !== "email");
  const email = fields.find(({ name }) => name === "email") ?? { name: "email", label: "" };
  const at = rest.findIndex(({ name }) => name === "name") + 1;
  return [...rest.slice(0, at), { ...email, required: true }, ...rest.slice(at)];
}
