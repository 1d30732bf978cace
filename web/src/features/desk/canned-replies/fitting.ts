// Canned replies as they are typed: which of them fit, what they are called, how they are put into a text. Pure.
import type { CannedReply } from "@/api/types.ts";
import type { TemplateVariable } from "@/lib/letter-template.ts";

/** What a reply may name; the server refuses anything else. */
export const replyVariables = [
  "client",
  "client_first_name",
  "client_company",
  "number",
  "subject",
  "operator",
  "line",
  "company",
  "hours",
  "next_open",
] as const satisfies TemplateVariable[];

const fold = (text: string) => text.trim().toLowerCase().replaceAll("ё", "е");

/** Less is better; null: it does not fit. */
function rank(reply: CannedReply, typed: string): number | null {
  const short = fold(reply.short_name);
  if (short.startsWith(typed)) return 0;
  if (short.includes(typed) || fold(reply.name).includes(typed)) return 1;
  return fold(reply.text).includes(typed) ? 2 : null;
}

/** The best first, as the server orders them: by the short name, then by how often they are used. */
export function fitting(replies: readonly CannedReply[], words: string): CannedReply[] {
  const typed = fold(words);
  return replies
    .flatMap((reply) => {
      const place = rank(reply, typed);
      return place === null ? [] : [{ reply, place }];
    })
    .toSorted((one, other) => one.place - other.place || other.reply.use_count - one.reply.use_count)
    .map(({ reply }) => reply);
}

/** Under their headings, by the alphabet; those without one come last. */
export function byFolder(replies: readonly CannedReply[]): [folder: string, replies: CannedReply[]][] {
  const folders = new Map<string, CannedReply[]>();
  for (const reply of replies) folders.set(reply.folder, [...(folders.get(reply.folder) ?? []), reply]);
  return [...folders].toSorted(
    ([one], [other]) => Number(one === "") - Number(other === "") || one.localeCompare(other),
  );
}

/** A short name made of a name: "Сроки доставки" -> "сроки-доставки". */
export function shortNameOf(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
}

/** One paragraph goes on in the line it is put into; more of them stand for themselves. */
export function asInline(html: string): string {
  return html.trim().match(/^<p>((?:(?!<\/?p\b)[\s\S])*)<\/p>$/)?.[1] ?? html;
}
