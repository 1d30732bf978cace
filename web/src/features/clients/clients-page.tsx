// The clients of a line: the list, and whoever is chosen in it; on a phone one after the other.
import { Menu } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconUsers } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, type MouseEvent, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import type { Client, Id } from "@/api/types.ts";
import { readStored, writeStored } from "@/lib/storage.ts";
import { setTitle } from "@/lib/title.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import { ClientList } from "./client-list.tsx";
import { ClientPanel } from "./client-panel.tsx";
import styles from "./clients.module.css";
import { refreshClients } from "./queries.ts";
import { type DialogName, useActions } from "./use-actions.tsx";

const ClientDialog = lazy(() => import("./client-dialog.tsx"));
const stored = "otklik.clients.line";

export function ClientsPage() {
  return (
    <Allowed need="contacts.view">
      <Clients />
    </Allowed>
  );
}

function Clients() {
  const { t } = useTranslation();
  const { lines } = useMe();
  const navigate = useNavigate();
  const search = useSearch({ from: "/shell/clients" });
  const phone = useMediaQuery("(max-width: 820px)", undefined, { getInitialValueInEffect: false }) ?? false;
  const [dialog, setDialog] = useState<{ name: DialogName; client: Client } | null>(null);
  const [menu, setMenu] = useState<{ client: Client; x: number; y: number } | null>(null);
  const wanted = search.line ?? readStored<Id>(stored, "");
  const line = lines.find((each) => each.id === wanted)?.id ?? lines[0]?.id;
  const actions = useActions(line ?? "", (name, client) => setDialog({ name, client }));
  useEffect(() => setTitle(t("clients:title")), [t]);
  useEffect(() => {
    if (line) writeStored(stored, line);
  }, [line]);
  useFollow(line);

  if (!line) {
    return (
      <EmptyState
        icon={<IconUsers size={28} stroke={1.5} />}
        title={t("clients:empty.noLine")}
        text={t("clients:empty.noLineText")}
      />
    );
  }
  const go = (to: { line?: Id; client?: Id }) => void navigate({ to: "/clients", search: to });
  const openMenu = (client: Client, event: MouseEvent) => {
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    // The menu key has no place of its own.
    const byMouse = event.clientX > 0 || event.clientY > 0;
    setMenu({
      client,
      x: byMouse ? event.clientX : box.left + 48,
      y: byMouse ? event.clientY : box.bottom - 8,
    });
  };
  return (
    <div className={styles.page}>
      {!(phone && search.client) && (
        <ClientList
          key={line}
          line={line}
          selected={search.client}
          onLine={(next) => go({ line: next })}
          onOpen={(client) => go({ line, client })}
          onMenu={openMenu}
        />
      )}
      {search.client ? (
        <ClientPanel
          key={search.client}
          line={line}
          id={search.client}
          actions={actions}
          onBack={phone ? () => go({ line }) : undefined}
        />
      ) : (
        !phone && (
          <main className={styles.main}>
            <EmptyState
              icon={<IconUsers size={28} stroke={1.5} />}
              title={t("clients:nothing.title")}
              text={t("clients:nothing.text")}
            />
          </main>
        )
      )}
      {menu && (
        <Menu opened onChange={(opened) => !opened && setMenu(null)} position="bottom-start" width={260}>
          <Menu.Target>
            <span className={styles.menuAt} style={{ left: menu.x, top: menu.y }} />
          </Menu.Target>
          <Menu.Dropdown data-testid="client-menu">
            {actions(menu.client).map((action) => (
              <Menu.Item
                key={action.key}
                leftSection={action.icon}
                disabled={action.disabled}
                onClick={action.run}
                data-testid={`menu-${action.key}`}
              >
                {action.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Suspense>
        {dialog && <ClientDialog {...dialog} line={line} onClose={() => setDialog(null)} />}
      </Suspense>
    </div>
  );
}

const heard = [
  "conversation_created",
  "message_created",
  "message_queued",
  "conversation_taken",
  "conversation_assigned",
  "conversation_closed",
  "conversation_reopened",
  "conversation_read",
  "marked_spam",
  "client_connected",
  "client_disconnected",
  "company_subscribed",
  "company_unsubscribed",
];

/** Keeps the list as it is on the server; a storm of events costs one fetch a second. Who is online is asked now and then. */
function useFollow(line: Id | undefined): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLiveEvents(
    heard,
    (event) => {
      if (!line || event.line_id !== line) return;
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        refreshClients(client, line);
      }, 600);
    },
    () => line && refreshClients(client, line),
  );
  useEffect(() => {
    if (!line) return;
    const online = setInterval(() => void client.invalidateQueries({ queryKey: ["clients", line] }), 60_000);
    return () => {
      clearInterval(online);
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [client, line]);
}
