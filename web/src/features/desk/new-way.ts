// How an operator begins: a letter, a message to one of a client's chats, or a note of a contact that no channel brought. Pure.

export const ways = ["mail", "chat", "register"] as const;
export type Way = (typeof ways)[number];

export interface Caller {
  name: string;
  phone?: string;
  email?: string;
}

/** Who called, out of one field each: what is empty is not sent. */
export function caller(name: string, phone: string, email: string): Caller {
  const given: Caller = { name: name.trim() };
  if (phone.trim()) given.phone = phone.trim();
  if (email.trim()) given.email = email.trim();
  return given;
}

/** What was typed, when it can only be a phone: "8 (912) 345-67-89". */
export function phoneIn(words: string): string | null {
  const digits = words.replace(/\D/g, "");
  return /^[+\d\s().-]+$/.test(words) && digits.length >= 10 && digits.length <= 15 ? words.trim() : null;
}

/** A moment as the browser's field wants it: "2026-11-22T13:50" on this computer's clock. */
export function asLocal(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
