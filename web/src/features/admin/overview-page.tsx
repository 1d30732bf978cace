import { IconCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "@/api/me.ts";
import type { Permission } from "@/api/types.ts";
import { ButtonLink } from "@/ui/button-link.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { EmptyState } from "@/ui/states.tsx";
import styles from "./overview.module.css";
import { Health } from "./overview-health.tsx";
import { allLinesQuery, anyConversationQuery, mailboxesQuery, userSearchQuery } from "./queries.ts";
import { allowedSections } from "./sections.ts";

interface Step {
  key: "mailbox" | "people" | "letter";
  need: Permission;
  done: boolean | undefined;
  action: ReactNode;
}

export function OverviewPage() {
  const { t } = useTranslation();
  const me = useMe();
  const can = useCan();
  const lines = useQuery(allLinesQuery);
  const mailboxes = useQuery({ ...mailboxesQuery, enabled: can("channels.manage") });
  const users = useQuery({ ...userSearchQuery(""), enabled: can("users.manage") });
  const conversations = useQuery({ ...anyConversationQuery, enabled: can("conversations.view") });
  const hasLine = lines.data?.items.some((line) => line.archived_at === null);

  const all: Step[] = [
    {
      key: "mailbox",
      need: "channels.manage",
      done: mailboxes.data && mailboxes.data.items.length > 0,
      action: hasLine ? (
        <ButtonLink to="/admin/mailboxes/new" data-testid="start-mailbox">
          {t("admin:start.mailbox.action")}
        </ButtonLink>
      ) : (
        <ButtonLink to="/admin/lines/first" data-testid="start-line">
          {t("admin:start.mailbox.lineFirst")}
        </ButtonLink>
      ),
    },
    {
      key: "people",
      need: "users.manage",
      done: users.data && users.data.items.length > 1,
      action: (
        <ButtonLink to="/admin/users" search={{ create: true }} data-testid="start-people">
          {t("admin:start.people.action")}
        </ButtonLink>
      ),
    },
    {
      key: "letter",
      need: "conversations.create",
      done: conversations.data && conversations.data.items.length > 0,
      action: (
        <ButtonLink to="/c/$view" params={{ view: "open" }} data-testid="start-letter">
          {t("admin:start.letter.action")}
        </ButtonLink>
      ),
    },
  ];
  const steps = all.filter((step) => can(step.need));
  const known = [mailboxes, users, conversations].every((query) => !query.isLoading);
  const left = steps.filter((step) => step.done === false);
  const next = left[0];
  if (allowedSections(me.permissions).length === 0)
    return <EmptyState title={t("common:error.forbidden")} text={t("common:error.forbiddenText")} />;

  return (
    <PageFrame
      title={left.length > 0 ? t("admin:start.title") : t("admin:section.overview")}
      text={left.length > 0 ? t("admin:start.text") : t("admin:health.text")}
    >
      {!known && <RowSkeletons count={3} height={88} />}
      {known && left.length > 0 && (
        <ol className={styles.steps} data-testid="start-steps">
          {steps.map((step, index) => (
            <li key={step.key} className={styles.step} data-done={step.done || undefined}>
              <span className={styles.number}>
                {step.done ? (
                  <IconCheck size={18} stroke={2} aria-label={t("admin:start.done")} />
                ) : (
                  index + 1
                )}
              </span>
              <div className={styles.stepText}>
                <h2 className={styles.stepTitle}>{t(`admin:start.${step.key}.title`)}</h2>
                <p className={styles.note}>{t(`admin:start.${step.key}.text`)}</p>
              </div>
              {step === next && step.action}
            </li>
          ))}
        </ol>
      )}
      {known && <Health />}
    </PageFrame>
  );
}
