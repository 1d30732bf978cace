// A made-up message as its form holds it, and what is asked of the simulator. Pure.
import type { ChannelKindName } from "@/api/types.ts";
import { momentOf } from "./moment.ts";
import { type RuleSet, triedRules } from "./rule-set.ts";
import type { Message, Simulation } from "./types.ts";

export const utmParts = ["source", "medium", "campaign", "content", "term"] as const;

export interface Asked {
  text: string;
  subject: string;
  channel: ChannelKindName;
  /** Empty: any of this kind. */
  channel_id: string;
  /** Empty: whoever has the account, or a stranger. */
  contact_id: string;
  account: string;
  client_name: string;
  /** By the line's clock; empty: now. */
  at: string;
  language: string;
  page_url: string;
  referrer: string;
  utm: Record<(typeof utmParts)[number], string>;
}

export const nothingAsked: Asked = {
  text: "",
  subject: "",
  channel: "chat",
  channel_id: "",
  contact_id: "",
  account: "",
  client_name: "",
  at: "",
  language: "",
  page_url: "",
  referrer: "",
  utm: { source: "", medium: "", campaign: "", content: "", term: "" },
};

export function messageOf(asked: Asked, zone: string): Message {
  const given = (text: string) => (text.trim() === "" ? undefined : text.trim());
  const utm = Object.entries(asked.utm).filter(([, value]) => value.trim() !== "");
  return {
    text: asked.text,
    channel: asked.channel,
    subject: given(asked.subject),
    channel_id: given(asked.channel_id),
    contact_id: given(asked.contact_id),
    account: asked.contact_id ? undefined : given(asked.account),
    client_name: asked.contact_id ? undefined : given(asked.client_name),
    at: asked.at ? (momentOf(zone, asked.at) ?? undefined) : undefined,
    language: given(asked.language),
    page_url: given(asked.page_url),
    referrer: given(asked.referrer),
    utm: Object.fromEntries(utm.map(([key, value]) => [key, value.trim()])),
  };
}

export function simulationOf(set: RuleSet, asked: Asked, zone: string): Simulation {
  return {
    rules: triedRules(set),
    default_target: set.fallback.target,
    manager_first: set.fallback.manager_first,
    message: messageOf(asked, zone),
  };
}
