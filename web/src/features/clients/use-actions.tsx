// What can be done with a client, once: the toolbar of his panel and the menu of his row offer the same.
import {
  IconBookmark,
  IconBookmarkOff,
  IconHistory,
  IconMessage,
  IconMessageCheck,
  IconPhone,
  IconStar,
  IconStarOff,
  IconTicket,
  IconTransfer,
  IconUsersPlus,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get, patch, post } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { Client, Contact, Id } from "@/api/types.ts";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { refreshClients } from "./queries.ts";

export type DialogName = "history" | "transfer" | "ticket" | "group";

export interface Action {
  key: string;
  label: string;
  icon: ReactNode;
  run: () => void;
  disabled?: boolean;
}

const icon = { size: 18, stroke: 1.5 } as const;
const goesOn = (client: Client) => client.last?.status === "open" || client.last?.status === "snoozed";

/** Opens the case with a client, or gets the open one. */
export async function openCase(line: Id, id: Id, reason: "start" | "call"): Promise<Id> {
  const found = await post<{ conversation_id: Id }>(`/lines/${line}/clients/${id}/case`, { reason });
  return found.conversation_id;
}

export function useActions(line: Id, onDialog: (name: DialogName, client: Client) => void) {
  const { t } = useTranslation();
  const can = useCan();
  const queries = useQueryClient();
  const navigate = useNavigate();

  const attempt = (work: () => Promise<unknown>) => () => {
    work()
      .then(() => refreshClients(queries, line))
      .catch(notifyError);
  };
  const mark = (client: Client, marks: { added?: boolean; favourite?: boolean }) =>
    attempt(() => patch(`/lines/${line}/clients/${client.id}`, marks));
  const show = (conversationId: Id) =>
    navigate({ to: "/c/$view/$conversationId", params: { view: "all", conversationId }, search: {} });
  const call = async (client: Client) => {
    const card = await get<Contact>(`/contacts/${client.id}`);
    const phone = card.identities.find((identity) => identity.kind === "phone");
    if (!phone) {
      notifyDone(t("clients:action.noPhone", { name: client.name }));
      return;
    }
    await openCase(line, client.id, "call");
    window.location.href = `tel:${phone.value.replace(/[^+\d]/g, "")}`;
  };

  return (client: Client): Action[] => {
    const open = goesOn(client);
    const last = client.last;
    const actions: (Action | false)[] = [
      can("conversations.create") && {
        key: "start",
        label: t(open ? "clients:action.open" : "clients:action.start"),
        icon: <IconMessage {...icon} />,
        run: attempt(async () => {
          if (open && last) await show(last.id);
          else await show(await openCase(line, client.id, "start"));
        }),
      },
      can("conversations.create") && {
        key: "call",
        label: t("clients:action.call"),
        icon: <IconPhone {...icon} />,
        run: attempt(() => call(client)),
      },
      can("conversations.close") && {
        key: "finish",
        label: t("clients:action.finish"),
        icon: <IconMessageCheck {...icon} />,
        disabled: !open,
        run: attempt(async () => {
          if (last) await post(`/conversations/${last.id}/close`);
        }),
      },
      can("conversations.assign") && {
        key: "transfer",
        label: t("clients:action.transfer"),
        icon: <IconTransfer {...icon} />,
        disabled: !open,
        run: () => onDialog("transfer", client),
      },
      can("tickets.edit") &&
        can("conversations.create") && {
          key: "ticket",
          label: t("clients:action.ticket"),
          icon: <IconTicket {...icon} />,
          run: () => onDialog("ticket", client),
        },
      can("conversations.create") && {
        key: "group",
        label: t("clients:action.group"),
        icon: <IconUsersPlus {...icon} />,
        run: () => onDialog("group", client),
      },
      {
        key: "favourite",
        label: t(client.favourite ? "clients:action.unfavourite" : "clients:action.favourite"),
        icon: client.favourite ? <IconStarOff {...icon} /> : <IconStar {...icon} />,
        run: mark(client, { favourite: !client.favourite }),
      },
      {
        key: "add",
        label: t(client.added ? "clients:action.remove" : "clients:action.add"),
        icon: client.added ? <IconBookmarkOff {...icon} /> : <IconBookmark {...icon} />,
        run: mark(client, { added: !client.added }),
      },
      {
        key: "history",
        label: t("clients:action.history"),
        icon: <IconHistory {...icon} />,
        run: () => onDialog("history", client),
      },
    ];
    return actions.filter((action) => action !== false);
  };
}
