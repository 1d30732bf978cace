// By which of the client's channels one can answer, and what each of them allows. Pure but for the query.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { get } from "@/api/http.ts";
import type { Attachment, Id, Items, Message, Route } from "@/api/types.ts";
import { useNow } from "@/ui/time.tsx";

export const routesQuery = (conversation: Id) =>
  queryOptions({
    queryKey: ["routes", conversation] as const,
    queryFn: ({ signal }) => get<Items<Route>>(`/conversations/${conversation}/routes`, undefined, signal),
    staleTime: 30_000,
  });

const none: Route[] = [];

/** None in a group conversation: there everybody is written to by a channel of his own. */
export function useRoutes(conversation: Id, group: boolean): readonly Route[] {
  const query = useQuery({ ...routesQuery(conversation), enabled: !group });
  const items = (group ? undefined : query.data?.items) ?? none;
  const now = useNow();
  const closed = items.filter((each) => hasClosed(each, now)).length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is made anew when a window closes, not at every tick
  return useMemo(() => items.map((each) => asOf(each, now)), [items, closed]);
}

const hasClosed = (route: Route, now: Date) =>
  route.window_until !== null && Date.parse(route.window_until) <= now.getTime();

/** The route as it is now: the time for free words may be over since it was read. */
export function asOf(route: Route, now: Date): Route {
  return hasClosed(route, now) && !route.templates_only ? { ...route, templates_only: true } : route;
}

/** The one chosen, else the one the conversation goes on by, else the first that is open. */
export function routeOf(routes: readonly Route[], key: string | null): Route | null {
  return (
    routes.find((route) => route.key === key) ??
    routes.find((route) => route.current) ??
    routes.find((route) => route.allowed) ??
    null
  );
}

/** Messengers and site chats, as opposed to letters, calls and forms. */
export function isChat(channel: Message["channel"]): boolean {
  return channel !== "email" && channel !== "manual" && channel !== "form";
}

/** The words of an answer as a client would count them. */
export function wordsOf(html: string): string {
  return html
    .replace(/<(br|\/p|\/li|\/blockquote|\/pre)\s*\/?>/gi, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&nbsp;/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&")
    .trim();
}

export interface Trouble {
  kind: "closed" | "no_files" | "too_large" | "templates_only" | "templates_first";
  /** It cannot be sent like this. */
  fatal: boolean;
  name?: string;
  limit?: number;
  reason?: string | null;
}

/** What speaks against sending this by that route, told before it is sent. */
export function troubles(
  route: Route | null,
  attachments: readonly Pick<Attachment, "name" | "size">[],
  byTemplate: boolean,
): Trouble[] {
  if (!route) return [];
  if (!route.allowed) return [{ kind: "closed", fatal: true, reason: route.reason }];
  if (route.templates_only)
    return [{ kind: route.window_until ? "templates_only" : "templates_first", fatal: !byTemplate }];
  const { can } = route;
  if (!can || attachments.length === 0) return [];
  if (!can.files) return [{ kind: "no_files", fatal: true }];
  const large = attachments.find((each) => each.size > can.max_file_bytes);
  return large ? [{ kind: "too_large", fatal: true, name: large.name, limit: can.max_file_bytes }] : [];
}

/** How many messages the words become; 1 while they fit. */
export function parts(route: Route | null, html: string): number {
  const limit = route?.can?.text_limit;
  return limit ? Math.max(1, Math.ceil([...wordsOf(html)].length / limit)) : 1;
}

/** Whether the author may still change (or withdraw) what he sent. Seconds: 0 is never, null is always. */
export function stillWithin(message: Message, seconds: number | null | undefined, now: Date): boolean {
  if (seconds === undefined || seconds === 0) return false;
  return seconds === null || now.getTime() - Date.parse(message.created_at) < seconds * 1000;
}

export interface Rights {
  edit: boolean;
  remove: boolean;
  quote: boolean;
}

/** What may be done with a message: one's own words for as long as the channel lets them be changed; notes always. */
export function rightsOf(
  message: Message,
  me: Id,
  routes: readonly Route[],
  now: Date,
  group = false,
): Rights {
  if (message.deleted_at) return { edit: false, remove: false, quote: false };
  const mine = message.author.kind === "user" && message.author.id === me && message.automatic === null;
  if (message.kind === "note") return { edit: mine, remove: mine, quote: false };
  // Each copy follows where its channel lets it.
  if (group) return { edit: mine, remove: mine, quote: true };
  const can = routes.find((route) => route.chat_id !== null && route.chat_id === message.chat_id)?.can;
  const out = message.kind === "outbound" && mine;
  return {
    edit: out && !message.extra?.template && stillWithin(message, can?.edit_seconds, now),
    remove: out && stillWithin(message, can?.delete_seconds, now),
    quote: can?.quote ?? false,
  };
}

/** A template with its places filled in. An empty place keeps its number. */
export function filled(text: string, parameters: readonly string[]): string {
  return text.replace(/\{\{(\d+)\}\}/g, (whole, number) => parameters[Number(number) - 1]?.trim() || whole);
}

/** Plain words as the editor's HTML. */
export function asHtml(text: string): string {
  const safe = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return `<p>${safe.replace(/\n/g, "<br>")}</p>`;
}
