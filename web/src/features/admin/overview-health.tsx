// How things are, in one look: mailboxes, channels, mail that could not be accepted, background work. Each line leads to its page.
import { IconChevronRight } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import { useLiveEvents } from "@/ui/use-live.ts";
import styles from "./overview.module.css";
import { channelsQuery, firstQuarantineQuery, jobCountersQuery, mailboxesQuery } from "./queries.ts";

interface Fact {
  key: "mailboxes" | "channels" | "quarantine" | "jobs";
  text: string;
  bad: boolean;
}

export function Health() {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const mailboxes = useQuery({ ...mailboxesQuery, enabled: can("channels.manage") });
  const channels = useQuery({ ...channelsQuery, enabled: can("channels.manage") });
  const quarantine = useQuery({ ...firstQuarantineQuery, enabled: can("quarantine.manage") });
  const jobs = useQuery({ ...jobCountersQuery, enabled: can("jobs.manage") });
  const refresh = () => {
    for (const queryKey of [["mailboxes"], ["channels"], ["quarantine"], ["jobs"]])
      void client.invalidateQueries({ queryKey });
  };
  useLiveEvents(
    ["mailbox_changed", "channel_changed", "quarantine_changed", "job_failed", "job_changed"],
    refresh,
    refresh,
  );

  const facts: Fact[] = [];
  if (mailboxes.data && mailboxes.data.items.length > 0) {
    const broken = mailboxes.data.items.filter((mailbox) => mailbox.state === "broken").length;
    facts.push({
      key: "mailboxes",
      bad: broken > 0,
      text:
        broken > 0
          ? t("admin:health.broken", { count: broken })
          : t("admin:health.mailboxes", { count: mailboxes.data.items.length }),
    });
  }
  if (channels.data && channels.data.items.length > 0) {
    const broken = channels.data.items.filter((channel) => channel.state === "broken").length;
    facts.push({
      key: "channels",
      bad: broken > 0,
      text:
        broken > 0
          ? t("admin:health.brokenChannels", { count: broken })
          : t("admin:health.channels", { count: channels.data.items.length }),
    });
  }
  if (quarantine.data) {
    const { items, next } = quarantine.data;
    facts.push({
      key: "quarantine",
      bad: items.length > 0,
      text:
        items.length === 0
          ? t("admin:health.noQuarantine")
          : next
            ? t("admin:health.muchQuarantine", { number: items.length })
            : t("admin:health.quarantine", { count: items.length }),
    });
  }
  if (jobs.data) {
    const { failed } = jobs.data;
    facts.push({
      key: "jobs",
      bad: failed > 0,
      text: failed > 0 ? t("admin:health.failedJobs", { count: failed }) : t("admin:health.noFailedJobs"),
    });
  }
  if (facts.length === 0) return null;
  return (
    <section className={styles.health} aria-label={t("admin:health.title")}>
      <h2 className={styles.healthTitle}>{t("admin:health.title")}</h2>
      {facts.map((fact) => (
        <Link
          key={fact.key}
          to={`/admin/${fact.key}`}
          className={styles.fact}
          data-testid={`health-${fact.key}`}
        >
          <span className={styles.dot} data-bad={fact.bad || undefined} />
          <span className={styles.factText}>{fact.text}</span>
          <IconChevronRight size={18} stroke={1.5} />
        </Link>
      ))}
    </section>
  );
}
