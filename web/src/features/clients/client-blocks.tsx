// The parts of what is known of a client.
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClientInfo } from "@/api/types.ts";
import { Moment } from "@/ui/time.tsx";
import styles from "./clients.module.css";

export function Block({
  title,
  action,
  children,
}: {
  title: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.block}>
      <div className={styles.blockHead}>
        <h3 className={styles.blockTitle}>{title}</h3>
        {action}
      </div>
      {children}
    </section>
  );
}

/** Names and values; what is not known is said once, not line by line. */
export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  const { t } = useTranslation();
  const known = facts.filter(([, value]) => (Array.isArray(value) ? value.length > 0 : Boolean(value)));
  if (known.length === 0) return <p className={styles.muted}>{t("clients:nothingKnown")}</p>;
  return (
    <dl className={styles.facts}>
      {known.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function TicketList({ tickets }: Pick<ClientInfo, "tickets">) {
  const { t } = useTranslation();
  if (tickets.length === 0) return <p className={styles.muted}>{t("clients:none.tickets")}</p>;
  return (
    <ul className={styles.list}>
      {tickets.map((ticket) => (
        <li key={ticket.id}>
          <span className="tnum">{ticket.number}</span> {ticket.subject}
          <div className={styles.muted}>{t(`desk:ticket.statuses.${ticket.status}`)}</div>
        </li>
      ))}
    </ul>
  );
}

export function GroupList({ groups }: Pick<ClientInfo, "groups">) {
  const { t } = useTranslation();
  if (groups.length === 0) return <p className={styles.muted}>{t("clients:none.groups")}</p>;
  return (
    <ul className={styles.list}>
      {groups.map((group) => (
        <li key={group.id}>
          <Link to="/c/$view/$conversationId" params={{ view: "all", conversationId: group.id }} search={{}}>
            {group.subject || t("common:noSubject")}
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function FileList({ files }: Pick<ClientInfo, "files">) {
  const { t } = useTranslation();
  if (files.length === 0) return <p className={styles.muted}>{t("clients:none.files")}</p>;
  return (
    <ul className={styles.list}>
      {files.map((file) => (
        <li key={file.id}>
          <a href={file.url} target="_blank" rel="noreferrer">
            {file.name}
          </a>{" "}
          <Moment at={file.created_at} className={styles.muted} />
        </li>
      ))}
    </ul>
  );
}
