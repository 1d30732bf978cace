// Sensible moments to put a conversation off to. Only those that still lie ahead, in the person's own zone.
import { atHour, dayKey, type TimeContext, weekday } from "@/lib/time.ts";

export interface SnoozePreset {
  key: "hour" | "threeHours" | "evening" | "tomorrow" | "monday" | "week";
  at: Date;
}

export function snoozePresets(context: TimeContext): SnoozePreset[] {
  const { now } = context;
  const day = weekday(context);
  const presets: SnoozePreset[] = [
    { key: "hour", at: new Date(now.getTime() + 3_600_000) },
    { key: "threeHours", at: new Date(now.getTime() + 3 * 3_600_000) },
  ];
  const evening = atHour(0, 18, context);
  if (evening.getTime() - now.getTime() > 3_600_000) presets.push({ key: "evening", at: evening });
  presets.push({ key: "tomorrow", at: atHour(1, 9, context) });
  const monday = atHour(8 - day, 9, context);
  // On a Sunday "Monday" is tomorrow already.
  if (dayKey(monday, context.timeZone) !== dayKey(atHour(1, 9, context), context.timeZone)) {
    presets.push({ key: "monday", at: monday });
  }
  const week = atHour(7, 9, context);
  if (dayKey(week, context.timeZone) !== dayKey(monday, context.timeZone))
    presets.push({ key: "week", at: week });
  return presets;
}
