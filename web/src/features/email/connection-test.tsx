// "Check the connection": each step of receiving and sending in plain words, where it stopped and what to do.
import { Button } from "@mantine/core";
import { IconCircle, IconCircleCheck, IconCircleX, IconPlugConnected } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { Check, Id, MailboxTest } from "@/api/types.ts";
import { type CheckStep, stepStates } from "./check-steps.ts";
import styles from "./email.module.css";
import { type MailboxValues, newMailbox } from "./mailbox-form.ts";

const noLine = "00000000-0000-0000-0000-000000000000";

interface Props {
  values: MailboxValues;
  /** Of a mailbox that exists: its stored secrets are used when none is typed. */
  id?: Id;
  onRefused: (error: unknown) => void;
}

export function ConnectionTest({ values, id, onRefused }: Props) {
  const { t } = useTranslation();
  // The connection does not depend on the line, so it may be tried before one is chosen.
  const body = { ...newMailbox({ ...values, line_id: values.line_id || noLine }, new Date()), id };
  const test = useMutation({
    mutationFn: (mailbox: typeof body) => post<MailboxTest>("/mailboxes/test", mailbox),
    onError: onRefused,
  });
  // What was checked is no longer what is in the form.
  const stale = test.variables !== undefined && fingerprint(test.variables) !== fingerprint(body);
  return (
    <div className={styles.checks}>
      <div>
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={18} stroke={1.5} />}
          loading={test.isPending}
          onClick={() => test.mutate(body)}
          data-testid="mailbox-test"
        >
          {t("email:test.run")}
        </Button>
      </div>
      {test.isPending && <p className={styles.note}>{t("email:test.running")}</p>}
      <div aria-live="polite" className={styles.checks}>
        {test.data && !test.isPending && (
          <>
            {stale && <p className={styles.note}>{t("email:test.stale")}</p>}
            <CheckResult side="imap" check={test.data.imap} />
            <CheckResult side="smtp" check={test.data.smtp} />
          </>
        )}
      </div>
    </div>
  );
}

/** The import moment moves with every render and changes nothing of the connection. */
function fingerprint({ import_since, ...rest }: ReturnType<typeof newMailbox>): string {
  return JSON.stringify(rest);
}

const marks = {
  good: <IconCircleCheck size={16} stroke={1.75} className={styles.good} />,
  bad: <IconCircleX size={16} stroke={1.75} className={styles.bad} />,
  idle: <IconCircle size={16} stroke={1.5} className={styles.idle} />,
};

function CheckResult({ side, check }: { side: "imap" | "smtp"; check: Check }) {
  const { t } = useTranslation();
  return (
    <section className={styles.check} data-ok={check.ok} data-testid={`check-${side}`}>
      <p className={styles.checkHead}>
        {check.ok ? (
          <IconCircleCheck size={20} stroke={1.5} className={styles.good} />
        ) : (
          <IconCircleX size={20} stroke={1.5} className={styles.bad} />
        )}
        {t(`email:test.${side}`)}
      </p>
      <ol className={styles.steps}>
        {stepStates(side, check).map(({ step, state }: { step: CheckStep; state: keyof typeof marks }) => (
          <li key={step} data-state={state}>
            {marks[state]}
            {t(`email:test.step.${step}`)}
            <span className="visually-hidden">{t(`email:test.state.${state}`)}</span>
          </li>
        ))}
      </ol>
      <p className={styles.message}>{check.message}</p>
      {check.technical && (
        <details className={styles.technical}>
          <summary>{t("email:test.technical")}</summary>
          <pre className={styles.code}>{check.technical}</pre>
        </details>
      )}
    </section>
  );
}
