// The group conversations in which this client takes part.
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { Conversation } from "@/api/types.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { Moment } from "@/ui/time.tsx";
import styles from "./panel.module.css";
import { PanelBlock } from "./panel-block.tsx";
import { groupsQuery } from "./queries.ts";

const GroupDialog = lazy(() => import("./group-dialog.tsx"));

export function GroupsBlock({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const can = useCan();
  const [creating, setCreating] = useState(false);
  const { data } = useQuery(groupsQuery(conversation.contact.id));
  const rows = data?.items ?? [];
  const mayCreate = can("conversations.create") && can("contacts.view");
  if (rows.length === 0 && !mayCreate) return null;
  return (
    <PanelBlock
      id="groups"
      title={t("groups:list")}
      count={rows.length}
      action={
        mayCreate && (
          <IconButton label={t("groups:new")} onClick={() => setCreating(true)} data-testid="group-new">
            <IconPlus size={16} stroke={1.5} />
          </IconButton>
        )
      }
    >
      {rows.length === 0 ? (
        <p className={styles.muted}>{t("groups:none")}</p>
      ) : (
        <ul className={styles.history} data-testid="groups-of-client">
          {rows.map((row) => (
            <li key={row.id}>
              <Link
                to="/c/$view/$conversationId"
                params={{ view: "groups", conversationId: row.id }}
                search={{}}
                className={styles.past}
              >
                <span className={styles.pastSubject}>{row.subject}</span>
                <span className={styles.pastMeta}>
                  <span className="tnum">{row.number}</span>
                  <Moment at={row.last_message_at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      <Suspense>
        {creating && <GroupDialog conversation={conversation} onClose={() => setCreating(false)} />}
      </Suspense>
    </PanelBlock>
  );
}
