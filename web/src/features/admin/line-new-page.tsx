// A new line in three steps: what it is called, who answers, what its letters say. Nothing is created before the last one.
import { Button, Stepper } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { Line } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { LeaveGuard } from "@/ui/leave-guard.tsx";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { type Form, fieldKey, useForm } from "@/ui/use-form.ts";
import styles from "./admin.module.css";
import { LineGeneral, LineGroups } from "./line-fields.tsx";
import { type LineValues, newLine, tabOf } from "./line-form.ts";
import { LineAutoReply, LineSignature } from "./line-letters.tsx";

export function LineNewPage() {
  return (
    <Allowed need="lines.manage">
      <Wizard />
    </Allowed>
  );
}

const stepOf = { general: 0, groups: 1, chats: 1, signature: 2, "auto-reply": 2 } as const;

function Wizard() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [step, setStep] = useState(0);
  const [initial] = useState<LineValues>(() => ({
    key: "",
    name: "",
    public_name: "",
    description: "",
    kind: "external",
    hide_operators: false,
    conversation_title: "",
    operator_group_ids: [],
    supervisor_group_ids: [],
    reader_group_ids: [],
    signature_html: t("admin:default.signature"),
    auto_reply_enabled: true,
    auto_reply_subject: t("admin:default.autoReplySubject"),
    auto_reply_text: t("admin:default.autoReplyText"),
    chats_after_close: "reopen",
    chats_reopen_hours: "72",
    chats_idle_close_minutes: "",
    chats_farewell_text: "",
    chats_ask_rating: false,
  }));
  const form = useForm(initial);
  const [idempotencyKey, setIdempotencyKey] = useState(() => crypto.randomUUID());
  const create = useMutation({
    mutationFn: () => post<Line>("/lines", newLine(form.values), { idempotencyKey }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["admin", "lines"] }),
    onError: (error) => {
      // Another body needs another key.
      setIdempotencyKey(crypto.randomUUID());
      form.fail(error);
      const steps = Object.keys(fieldsOf(error, form)).map((key) => stepOf[tabOf[key as keyof LineValues]]);
      if (steps.length > 0) setStep(Math.min(...steps));
    },
  });
  if (create.data) return <Created line={create.data} />;

  const next = () => {
    if (step === 0) {
      const required = (value: string) => (value.trim() === "" ? t("admin:required") : undefined);
      const { name, key } = form.values;
      if (!form.complain({ name: required(name), key: required(key) })) return;
    }
    if (step < 2) setStep(step + 1);
    else create.mutate();
  };

  return (
    <PageFrame
      title={t("admin:line.newTitle")}
      text={t("admin:line.newText")}
      back={<Link to="/admin/lines">{t("admin:section.lines")}</Link>}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          next();
        }}
      >
        <Stepper
          active={step}
          onStepClick={(to) => to < step && setStep(to)}
          mb="lg"
          iconSize={32}
          wrap={false}
        >
          <Stepper.Step label={t("admin:line.step.name")} />
          <Stepper.Step label={t("admin:line.step.people")} />
          <Stepper.Step label={t("admin:line.step.letters")} />
        </Stepper>
        {step === 0 && (
          <FormSection title={t("admin:line.tab.general")}>
            <LineGeneral form={form} suggesting />
          </FormSection>
        )}
        {step === 1 && (
          <FormSection title={t("admin:line.step.people")} text={t("admin:line.groupsText")}>
            <LineGroups form={form} />
          </FormSection>
        )}
        {step === 2 && (
          <>
            <FormSection title={t("admin:line.tab.signature")} text={t("admin:line.signatureText")}>
              <LineSignature form={form} version={0} />
            </FormSection>
            <FormSection title={t("admin:line.tab.auto-reply")} text={t("admin:line.autoReplyTitleText")}>
              <LineAutoReply form={form} />
            </FormSection>
          </>
        )}
        {form.message && (
          <p className={styles.error} role="alert" style={{ marginTop: 12 }}>
            {form.message}
          </p>
        )}
        <div className={styles.footer}>
          {step > 0 ? (
            <Button variant="default" onClick={() => setStep(step - 1)}>
              {t("admin:back")}
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" loading={create.isPending} data-testid="line-next">
            {step < 2 ? t("admin:next") : t("admin:line.createSubmit")}
          </Button>
        </div>
      </form>
      <LeaveGuard active={form.dirty && !create.isPending} />
    </PageFrame>
  );
}

function fieldsOf(error: unknown, form: Form<LineValues>): Record<string, string> {
  const fields = error instanceof ApiError ? error.fields : {};
  return Object.fromEntries(
    Object.entries(fields)
      .map(([field, text]) => [fieldKey(field), text] as const)
      .filter(([key]) => key in form.values),
  );
}

function Created({ line }: { line: Line }) {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <EmptyState
      icon={<IconCircleCheck size={28} stroke={1.5} />}
      title={t("admin:line.createdTitle", { name: line.name })}
      text={t("admin:line.createdText")}
      action={
        <div style={{ display: "flex", flexWrap: "wrap", justifyContent: "center", gap: 8 }}>
          <ButtonLink to="/admin/lines/$lineId" params={{ lineId: line.id }} variant="default">
            {t("admin:line.openLine")}
          </ButtonLink>
          {can("channels.manage") && (
            <ButtonLink to="/admin/mailboxes/new" search={{ line: line.id }} data-testid="line-connect">
              {t("admin:line.connectMailbox")}
            </ButtonLink>
          )}
        </div>
      }
    />
  );
}
