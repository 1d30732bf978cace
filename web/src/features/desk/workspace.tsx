// The workspace: lists, rows, conversation and the client's panel side by side; on a phone one after another.
import { IconMessages } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { View } from "@/api/types.ts";
import { writeStored } from "@/lib/storage.ts";
import { setTitle, setWaiting } from "@/lib/title.ts";
import { Keys } from "@/ui/keys.tsx";
import { RailLink } from "@/ui/rail-link.tsx";
import { RailSlot } from "@/ui/rail-slot.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useKeys } from "@/ui/use-keys.ts";
import { useSwipeBack } from "@/ui/use-swipe-back.ts";
import { ChannelHealthBar } from "./channel-health-bar.tsx";
import { ConversationView } from "./conversation-view.tsx";
import { useColumns } from "./layout.ts";
import { ListsColumn } from "./lists-column.tsx";
import { followLiveEvents } from "./live-updates.ts";
import { NewConversation } from "./new-conversation.tsx";
import { NoLines, useNoLines } from "./no-lines.tsx";
import { OutboxProvider } from "./outbox-provider.tsx";
import { Panel } from "./panel.tsx";
import { countersQuery } from "./queries.ts";
import { RowsColumn } from "./rows-column.tsx";
import { shownViews, useCounter, viewIcons, viewKeys } from "./views.tsx";
import styles from "./workspace.module.css";

export function Workspace() {
  const client = useQueryClient();
  useEffect(() => followLiveEvents(client), [client]);
  return (
    <OutboxProvider>
      <div className={styles.workspace}>
        <ChannelHealthBar />
        <Columns />
      </div>
    </OutboxProvider>
  );
}

function Columns() {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const { view, conversationId } = useParams({ strict: false }) as { view: View; conversationId?: string };
  const {
    line,
    search,
    channel,
    source,
    sort = "newest",
    overdue,
    panel: panelPage,
  } = useSearch({ from: "/shell/c/$view" });
  const columns = useColumns();
  const counter = useCounter();
  const noLines = useNoLines();
  const [writing, setWriting] = useState(false);
  const { data: counters } = useQuery(countersQuery);

  useEffect(() => writeStored("otklik.view", view), [view]);
  useEffect(() => setWaiting(counters?.unread_mine ?? 0), [counters?.unread_mine]);
  useEffect(() => {
    if (!conversationId) setTitle(t(`common:view.${view}`));
  }, [conversationId, view, t]);

  const startNew = () => setWriting(true);
  useKeys({
    "[": () => columns.toggle("lists"),
    "]": () => columns.toggle("panel"),
    c: can("conversations.create") ? startNew : undefined,
  });

  const rows = (
    <RowsColumn
      filter={{ view, line, channel, source, search, overdue, sort }}
      selected={conversationId}
      compact={columns.phone || !columns.lists}
      onNew={startNew}
      onUnfold={columns.phone ? undefined : () => columns.toggle("lists")}
    />
  );
  const dialog = writing && <NewConversation line={line} onClose={() => setWriting(false)} />;

  const toList = () =>
    void navigate({ to: "/c/$view", params: { view }, search: (old) => ({ ...old, panel: undefined }) });
  const toConversation = () => void navigate({ to: ".", search: (old) => ({ ...old, panel: undefined }) });
  const swiped = useSwipeBack<HTMLDivElement>(
    columns.phone && conversationId ? (panelPage ? toConversation : toList) : undefined,
  );

  if (columns.phone) {
    return (
      <div className={styles.phone} ref={swiped}>
        {!conversationId && rows}
        {conversationId && !panelPage && (
          <ConversationView
            key={conversationId}
            id={conversationId}
            phone
            panelOpen={false}
            onBack={toList}
            onPanel={() => void navigate({ to: ".", search: (old) => ({ ...old, panel: true }) })}
          />
        )}
        {conversationId && panelPage && <Panel id={conversationId} onClose={toConversation} phone />}
        {dialog}
      </div>
    );
  }

  return (
    <div className={styles.columns}>
      {columns.lists && (
        <ListsColumn view={view} line={line} onFold={() => columns.toggle("lists")} onNew={startNew} />
      )}
      {!columns.lists && (
        <RailSlot>
          {shownViews.map((each) => (
            <RailLink
              key={each}
              to="/c/$view"
              params={{ view: each }}
              search={{}}
              label={t(`common:view.${each}`)}
              keys={viewKeys[each]}
              active={each === view && !line}
              counter={counter(each)}
              counterTestId={`counter-${each}`}
              testId={`view-${each}`}
            >
              {viewIcons[each]}
            </RailLink>
          ))}
        </RailSlot>
      )}
      {rows}
      {conversationId ? (
        <>
          <ConversationView
            key={conversationId}
            id={conversationId}
            panelOpen={columns.panel}
            onPanel={() => columns.toggle("panel")}
          />
          {columns.panel && <Panel id={conversationId} onClose={() => columns.toggle("panel")} />}
        </>
      ) : (
        <main className={styles.nothing}>
          {noLines ? (
            <NoLines />
          ) : (
            <EmptyState
              icon={<IconMessages size={28} stroke={1.5} />}
              title={t("desk:nothing.title")}
              text={t("desk:nothing.text")}
              action={
                <span className={styles.hints}>
                  <Keys keys="j k" /> <Keys keys="enter" /> <Keys keys="?" />
                </span>
              }
            />
          )}
        </main>
      )}
      {dialog}
    </div>
  );
}
