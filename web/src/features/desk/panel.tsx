// The client and the case: who this is, what else there was, why the mail is here, the ticket. Blocks fold and remember it.
import { Skeleton } from "@mantine/core";
import { IconArrowLeft, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { Conversation, Id, PanelBlockName } from "@/api/types.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { Delayed } from "@/ui/states.tsx";
import { ContactBlock } from "./contact-block.tsx";
import { GroupsBlock } from "./groups-block.tsx";
import { HistoryBlock } from "./history-block.tsx";
import { MembersBlock } from "./members-block.tsx";
import styles from "./panel.module.css";
import { PanelBlock } from "./panel-block.tsx";
import { PromisesBlock } from "./promises-block.tsx";
import { PropertiesBlock } from "./properties-block.tsx";
import { conversationQuery, linesQuery, panelQuery, usualPanel } from "./queries.ts";
import { RatingBlock } from "./rating-block.tsx";
import { TasksBlock } from "./tasks/tasks-block.tsx";
import { ClientTerms } from "./terms.tsx";
import { TicketBlock } from "./ticket-block.tsx";
import { VisitBlock } from "./visit-block.tsx";
import { WhyBlock } from "./why-block.tsx";

interface Props {
  id: Id;
  onClose: () => void;
  phone?: boolean;
}

export function Panel({ id, onClose, phone = false }: Props) {
  const { t } = useTranslation();
  const can = useCan();
  const { data: conversation, isError } = useQuery(conversationQuery(id));
  // The conversation itself says what went wrong.
  if (isError && !conversation && !phone) return null;
  return (
    <aside
      className={styles.panel}
      aria-label={t("desk:panel.title")}
      data-testid="panel"
      data-phone-full={phone || undefined}
    >
      <header className={styles.header}>
        {phone && (
          <IconButton label={t("desk:header.back")} size={44} onClick={onClose}>
            <IconArrowLeft size={20} stroke={1.5} />
          </IconButton>
        )}
        <p className={styles.title}>{t("desk:panel.title")}</p>
        {!phone && (
          <IconButton label={t("common:keys.right")} keys="]" onClick={onClose}>
            <IconX size={18} stroke={1.5} />
          </IconButton>
        )}
      </header>
      <div className={styles.scroll}>
        {conversation ? (
          <>
            {can("contacts.view") && (
              <ContactBlock id={conversation.contact.id} fallback={conversation.contact} />
            )}
            {can("contacts.view") && <ClientTerms id={conversation.contact.id} />}
            {conversation.channel === "group" && <MembersBlock conversation={conversation} />}
            <PromisesBlock of="conversation" id={conversation.id} />
            <Arranged conversation={conversation} />
            <TasksBlock of="conversation" id={conversation.id} />
            <GroupsBlock conversation={conversation} />
          </>
        ) : (
          <Delayed>
            <div className={styles.skeleton}>
              <Skeleton circle height={48} />
              <Skeleton height={14} width="60%" />
              <Skeleton height={12} width="80%" />
              <Skeleton height={12} width="45%" />
            </div>
          </Delayed>
        )}
      </div>
    </aside>
  );
}

/** The blocks under the client's card, as the administrator arranged them for the line; until that is known, as usual. */
function Arranged({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const can = useCan();
  const { data: lines } = useQuery(linesQuery);
  // Whoever takes part in a group of another line sees nothing else of that line.
  const ofMine = lines?.items.some(({ id }) => id === conversation.line.id) ?? false;
  const { data: panel } = useQuery({ ...panelQuery(conversation.line.id), enabled: ofMine });
  const blocks: Record<PanelBlockName, ReactNode> = {
    properties: <PropertiesBlock id={conversation.id} />,
    rating: conversation.rating && <RatingBlock conversation={conversation} rating={conversation.rating} />,
    visit: conversation.visit && <VisitBlock visit={conversation.visit} />,
    source: conversation.source && (
      <PanelBlock id="source" title={t("desk:register.source")}>
        <p className={styles.strong}>{conversation.source.name}</p>
      </PanelBlock>
    ),
    tickets: can("tickets.view") && <TicketBlock conversation={conversation} />,
    threading: (
      <>
        <WhyBlock id={conversation.id} />
        {conversation.threading && (
          <PanelBlock id="threading" title={t("desk:why.title")}>
            <p className={styles.strong}>{t(`desk:why.${conversation.threading.rule}`)}</p>
            <p className={styles.muted}>{conversation.threading.explanation}</p>
          </PanelBlock>
        )}
      </>
    ),
    participants: conversation.participants.length > 0 && (
      <PanelBlock
        id="participants"
        title={t("desk:panel.participants")}
        count={conversation.participants.length}
      >
        <ul className={styles.people}>
          {conversation.participants.map((participant) => (
            <li key={participant.identity_id}>
              <span className={styles.personName}>{participant.name || participant.address}</span>
              <span className={styles.role}>{t(`desk:panel.role.${participant.role}`)}</span>
              {participant.name && participant.name !== participant.address && (
                <span className={styles.address}>{participant.address}</span>
              )}
            </li>
          ))}
        </ul>
      </PanelBlock>
    ),
    history: <HistoryBlock contactId={conversation.contact.id} currentId={conversation.id} />,
  };
  const order = panel?.blocks.filter((one) => one.shown).map((one) => one.block) ?? usualPanel;
  return order.map((name) => <Fragment key={name}>{blocks[name]}</Fragment>);
}
