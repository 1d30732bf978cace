// What happened to a ticket, in words. Pure.
import type { TFunction } from "i18next";
import type { TicketEvent } from "@/api/types.ts";
import { gender } from "@/lib/gender.ts";

type Change = TicketEvent["changes"][number];

/** "Анна Белова изменила обращение"; "Срок реакции истёк". */
export function eventWords({ kind, actor, norm, title }: TicketEvent, t: TFunction): string {
  if (title) {
    // Nobody took the stage in time, or nobody did it in time.
    const context = kind === "stage_missed" ? norm : actor && gender(actor.name);
    return t(`tasks:event.${kind}`, { title, actor: actor?.name, context: context ?? undefined });
  }
  if (norm) return t(`desk:tickets.event.${kind}`, { norm: t(`sla:normOf.${norm}`) });
  return t(`desk:tickets.event.${kind}`, {
    actor: actor?.name ?? t("desk:event.system"),
    context: actor ? gender(actor.name) : undefined,
    defaultValue: t("desk:tickets.event.ticket_updated", { actor: actor?.name ?? t("desk:event.system") }),
  });
}

const codes: Partial<Record<Change["field"], string>> = {
  status: "desk:ticket.statuses",
  priority: "desk:priority",
  type: "desk:ticket.types",
};

/** "Статус: Новое → В работе"; "Ждать до: 30 дек., 13:50". */
export function changeWords(
  { field, from, to }: Change,
  t: TFunction,
  momentWords: (at: string) => string,
): string {
  const told = (value: string | null | undefined) => {
    if (!value) return t("desk:tickets.nothingThere");
    if (field === "waiting_until") return momentWords(value);
    const code = codes[field];
    return code ? t(`${code}.${value}`, { defaultValue: value }) : value;
  };
  const name = t(`desk:tickets.field.${field}`);
  // A plan is told when a ticket begins to wait: that there was none before is no news.
  const isPlan = field === "waiting_reason" || field === "waiting_until";
  if (isPlan && !from) return t("desk:tickets.set", { field: name, to: told(to) });
  return t("desk:tickets.change", { field: name, from: told(from), to: told(to) });
}

/** What came of it: of the ticket itself it is its solution. */
export function resultWords({ kind, result }: TicketEvent, t: TFunction): string {
  return kind === "ticket_updated" ? t("desk:tickets.solved", { text: result }) : (result ?? "");
}
