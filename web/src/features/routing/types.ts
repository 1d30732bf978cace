// Shapes of distribution that the generated schema does not name yet; the rest comes from it.
import type { ConversationRow, Id, Person } from "@/api/types.ts";
import type { Status } from "@/ui/status-dot.tsx";

export interface OwnStatus {
  status: Status;
  since: string | null;
  automatic: boolean;
  activity_id: Id | null;
}
export interface OperatorNow {
  user: Person;
  status: Status;
  since: string | null;
  automatic: boolean;
  absent: boolean;
  off_shift: boolean;
  shift_ends_at: string | null;
  next_shift_at: string | null;
  activity: { id: Id; name: string } | null;
  open: number;
  /** The same by the weights of channels. */
  load: number;
  limit: number;
  lines: Id[];
}
export interface Offer {
  id: Id;
  conversation: ConversationRow;
  offered_at: string;
  expires_at: string;
  invited: Person[];
}
export interface LineNow {
  line: { id: Id; name: string };
  free: number;
  busy: number;
  away: number;
  dnd: number;
  offline: number;
  queue: number;
  longest_wait_seconds: number | null;
  open: number;
  unanswered: number;
  overdue: number;
  marks_today: { count: number; average: number | null };
  closed_today: number;
  new_today: number;
}
export interface Monitor {
  lines: LineNow[];
  operators: OperatorNow[];
}
