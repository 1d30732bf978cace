// Who the client is: name, company, position, addresses, their clock, a note for colleagues. Edited in place.
import { Skeleton } from "@mantine/core";
import {
  IconBuilding,
  IconClock,
  IconCopy,
  IconPencil,
  IconTimeline,
  IconUsersPlus,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { Contact, ContactRef, Id, Identity } from "@/api/types.ts";
import { localClock } from "@/lib/time.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyDone } from "@/ui/notify.ts";
import { Delayed, ErrorState } from "@/ui/states.tsx";
import { useTime } from "@/ui/time.tsx";
import styles from "./panel.module.css";
import { contactQuery } from "./queries.ts";

const ClientTimelineDialog = lazy(() => import("./client-timeline.tsx"));
const JoinDialog = lazy(() => import("./join-dialog.tsx"));
const ContactDialog = lazy(() => import("./contact-dialog.tsx"));
const icon = { size: 16, stroke: 1.5 } as const;

export function ContactBlock({ id, fallback }: { id: Id; fallback: ContactRef }) {
  const { t } = useTranslation();
  const can = useCan();
  const { data, error, refetch } = useQuery(contactQuery(id));
  const [editing, setEditing] = useState(false);
  const [dialog, setDialog] = useState<"timeline" | "join" | null>(null);
  const name = data?.name ?? fallback.name;
  const company = data ? data.company : fallback.company;
  return (
    <section className={styles.contact} data-testid="contact">
      <Avatar name={name} color={data?.avatar_color ?? fallback.avatar_color} size={44} />
      <div className={styles.who}>
        <h2 className={styles.name}>{name}</h2>
        {data?.position && <p className={styles.muted}>{data.position}</p>}
        {company && (
          <p className={styles.company}>
            <IconBuilding {...icon} />
            <span>{company.name}</span>
          </p>
        )}
      </div>
      {data && can("contacts.edit") && (
        <IconButton label={t("desk:contact.edit")} onClick={() => setEditing(true)} className={styles.edit}>
          <IconPencil {...icon} />
        </IconButton>
      )}
      {error && !data ? (
        <ErrorState error={error} retry={() => void refetch()} compact />
      ) : data ? (
        <Details contact={data} />
      ) : (
        <Delayed>
          <Skeleton height={12} width="70%" className={styles.details} />
        </Delayed>
      )}
      {data && (
        <div className={styles.contactActions}>
          <button
            type="button"
            className={styles.action}
            onClick={() => setDialog("timeline")}
            data-testid="client-timeline-open"
          >
            <IconTimeline {...icon} /> {t("desk:clientTimeline.open")}
          </button>
          {can("contacts.edit") && (
            <button
              type="button"
              className={styles.action}
              onClick={() => setDialog("join")}
              data-testid="join-open"
            >
              <IconUsersPlus {...icon} /> {t("desk:join.open")}
            </button>
          )}
        </div>
      )}
      <Suspense>
        {dialog === "timeline" && data && (
          <ClientTimelineDialog contact={fallback} onClose={() => setDialog(null)} />
        )}
        {dialog === "join" && data && <JoinDialog contact={data} onClose={() => setDialog(null)} />}
      </Suspense>
      {editing && data && (
        <Suspense>
          <ContactDialog contact={data} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </section>
  );
}

function Details({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const time = useTime();
  const theirs = contact.time_zone ? localClock(contact.time_zone, time) : null;
  const kindName = (kind: Identity["kind"]) => t(`desk:identity.${kind}`);
  const copy = async (value: string) => {
    await navigator.clipboard.writeText(value);
    notifyDone(t("desk:contact.copied", { value }));
  };
  return (
    <div className={styles.details}>
      <ul className={styles.identities}>
        {contact.identities.map((identity) => (
          <li key={identity.id}>
            <span title={kindName(identity.kind)} style={{ display: "flex" }}>
              <ChannelMark kind={identity.kind} size={16} colored />
              <span className="visually-hidden">{kindName(identity.kind)}</span>
            </span>
            <span className={styles.identity} title={identity.value}>
              {identity.value}
            </span>
            <IconButton
              label={t("desk:contact.copy", { value: identity.value })}
              size={24}
              onClick={() => void copy(identity.value)}
              className={styles.copy}
            >
              <IconCopy size={14} stroke={1.5} />
            </IconButton>
          </li>
        ))}
        {theirs && (
          <li>
            <IconClock {...icon} />
            <span className="tnum">{t("desk:contact.clock", { time: theirs.clock })}</span>
            {theirs.offset !== 0 && (
              <span className={styles.muted}>
                {t(theirs.offset > 0 ? "desk:contact.ahead" : "desk:contact.behind", {
                  count: Math.abs(Math.round(theirs.offset)),
                })}
              </span>
            )}
          </li>
        )}
      </ul>
      {contact.note && <p className={styles.note}>{contact.note}</p>}
    </div>
  );
}
