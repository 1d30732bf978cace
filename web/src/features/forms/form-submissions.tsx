// What was sent with a form, newest first, each with its conversation.
import { IconForms } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { usePages } from "@/api/pages.ts";
import type { FormSubmission, WebForm } from "@/api/types.ts";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { LoadMore } from "@/ui/load-more.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import styles from "./forms.module.css";

export function FormSubmissions({ form }: { form: WebForm }) {
  const { t } = useTranslation();
  const pages = usePages<FormSubmission>(["forms", form.id, "submissions"], `/forms/${form.id}/submissions`);
  // The labels are today's; an answer to a field that is no more keeps its name.
  const labels = new Map(form.definition.fields.map((field) => [field.name, field.label || field.name]));
  const columns: Column<FormSubmission>[] = [
    {
      key: "answers",
      title: t("forms:submissions.answers"),
      cell: (row) => (
        <dl className={styles.answers}>
          {Object.entries(row.answers).map(([name, answer]) => (
            <div key={name}>
              <dt>{labels.get(name) ?? name}</dt>
              <dd>{String(answer)}</dd>
            </div>
          ))}
        </dl>
      ),
    },
    {
      key: "conversation",
      title: t("forms:submissions.conversation"),
      width: 120,
      cell: (row) => (
        <Link
          to="/c/$view/$conversationId"
          params={{ view: "all", conversationId: row.conversation_id }}
          className="tnum"
        >
          № {row.number}
        </Link>
      ),
    },
    {
      key: "from",
      title: t("forms:submissions.from"),
      width: 220,
      secondary: true,
      cell: (row) => (
        <div className={styles.cell}>
          <span className={styles.page} title={row.page_url}>
            {row.page_url.replace(/^https?:\/\//, "")}
          </span>
          <span className={styles.note}>{row.address}</span>
        </div>
      ),
    },
    {
      key: "at",
      title: t("forms:submissions.at"),
      width: 130,
      secondary: true,
      cell: (row) => <Moment at={row.created_at} long />,
    },
  ];
  return (
    <>
      <DataTable
        label={t("forms:tab.submissions")}
        columns={columns}
        rows={pages.rows}
        rowKey={(row) => row.id}
        rowTestId="submission-row"
        error={pages.error}
        retry={pages.retry}
        empty={
          <EmptyState
            icon={<IconForms size={28} stroke={1.5} />}
            title={t("forms:submissions.emptyTitle")}
            text={t("forms:submissions.emptyText")}
          />
        }
      />
      <LoadMore pages={pages} />
    </>
  );
}
