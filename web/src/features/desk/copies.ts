// The state of a message that goes to several people: that of the copy which is the worst off. Pure.
import type { Message } from "@/api/types.ts";

type State = Message["copies"][number]["delivery"]["state"];
const worstFirst: State[] = ["failed", "sending", "queued", "sent", "delivered", "read", "cancelled"];

export function stateOf(copies: Message["copies"]): State {
  return worstFirst.find((state) => copies.some((copy) => copy.delivery.state === state)) ?? "sent";
}
