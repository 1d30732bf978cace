// What the feed reads, and how it is marked as read.
import { queryOptions } from "@tanstack/react-query";
import { get, post } from "@/api/http.ts";
import type {
  ConversationRef,
  Id,
  Items,
  Notification,
  NotificationCount,
  NotificationPreferences,
  PushDevice,
} from "@/api/types.ts";

/** Everything of the feed is under this key: one live event renews it all. */
export const notificationsKey = ["notifications"] as const;

export const countQuery = queryOptions({
  queryKey: [...notificationsKey, "count"],
  queryFn: ({ signal }) => get<NotificationCount>("/notifications/count", undefined, signal),
});

export const preferencesQuery = queryOptions({
  queryKey: [...notificationsKey, "preferences"],
  queryFn: ({ signal }) => get<NotificationPreferences>("/notifications/preferences", undefined, signal),
});

export const devicesQuery = queryOptions({
  queryKey: [...notificationsKey, "devices"],
  queryFn: ({ signal }) => get<Items<PushDevice>>("/notifications/devices", undefined, signal),
});

export const mutedQuery = queryOptions({
  queryKey: [...notificationsKey, "muted"],
  queryFn: ({ signal }) => get<Items<ConversationRef>>("/notifications/muted", undefined, signal),
});

export const readAll = () => post<void>("/notifications/read", {});
export const readConversation = (id: Id) => post<void>("/notifications/read", { conversation_id: id });
export const readOne = (id: Id) => post<void>(`/notifications/${id}/read`, {});

/** The address of what a notification is about. */
export function pathOf({ about }: Notification): string {
  if (about.type === "mailbox") return `/admin/mailboxes/${about.id}`;
  if (about.type === "channel") return `/admin/channels/${about.id}`;
  if (about.type === "sla_report") return "/admin/sla-report";
  if (about.type === "task") return `/tasks?task=${about.id}`;
  if (about.type === "ticket") return `/tickets/${about.number}`;
  return `/c/open/${about.id}${about.message_id ? `?message=${about.message_id}` : ""}`;
}

/** What stands under the words of what happened. */
export function placeOf({ about }: Notification): string {
  if (about.type === "task") return about.title;
  if (about.type !== "conversation" && about.type !== "ticket") return "";
  return [`№${about.number}`, about.subject].filter(Boolean).join(" · ");
}
