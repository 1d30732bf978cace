// Time zones for a choice list: "Москва (UTC+3)". Offsets are those of the given moment, so summer time is told right.
import type { Locale } from "@/api/types.ts";

export interface Zone {
  value: string;
  label: string;
  offset: number;
}

/** The zones Russian speakers live in, by the names they use. The rest are called as in the zone database. */
const russian: Record<string, string> = {
  UTC: "Всемирное время",
  "Europe/Kaliningrad": "Калининград",
  "Europe/Moscow": "Москва",
  "Europe/Volgograd": "Волгоград",
  "Europe/Samara": "Самара",
  "Europe/Saratov": "Саратов",
  "Europe/Minsk": "Минск",
  "Europe/Kyiv": "Киев",
  "Europe/Kiev": "Киев",
  "Europe/Berlin": "Берлин",
  "Europe/London": "Лондон",
  "Europe/Istanbul": "Стамбул",
  "Europe/Belgrade": "Белград",
  "Asia/Yekaterinburg": "Екатеринбург",
  "Asia/Omsk": "Омск",
  "Asia/Novosibirsk": "Новосибирск",
  "Asia/Barnaul": "Барнаул",
  "Asia/Tomsk": "Томск",
  "Asia/Novokuznetsk": "Новокузнецк",
  "Asia/Krasnoyarsk": "Красноярск",
  "Asia/Irkutsk": "Иркутск",
  "Asia/Chita": "Чита",
  "Asia/Yakutsk": "Якутск",
  "Asia/Vladivostok": "Владивосток",
  "Asia/Sakhalin": "Сахалин",
  "Asia/Magadan": "Магадан",
  "Asia/Srednekolymsk": "Среднеколымск",
  "Asia/Kamchatka": "Камчатка",
  "Asia/Anadyr": "Анадырь",
  "Asia/Almaty": "Алматы",
  "Asia/Tashkent": "Ташкент",
  "Asia/Tbilisi": "Тбилиси",
  "Asia/Yerevan": "Ереван",
  "Asia/Baku": "Баку",
  "Asia/Bishkek": "Бишкек",
  "Asia/Dushanbe": "Душанбе",
  "Asia/Ashgabat": "Ашхабад",
  "Asia/Dubai": "Дубай",
  "America/New_York": "Нью-Йорк",
};

/** Minutes east of UTC at the moment; null for an unknown zone. */
export function zoneOffset(zone: string, at: Date): number | null {
  try {
    const name = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" })
      .formatToParts(at)
      .find((part) => part.type === "timeZoneName")?.value;
    const [, sign, hours, minutes] = name?.match(/^GMT([+-])(\d\d):(\d\d)$/) ?? [];
    if (!sign) return name === "GMT" ? 0 : null;
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  } catch {
    return null;
  }
}

/** 180 -> "UTC+3", -210 -> "UTC−3:30", 0 -> "UTC". */
export function offsetName(minutes: number): string {
  if (minutes === 0) return "UTC";
  const whole = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? "−" : "+"}${whole}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
}

/** "America/Argentina/Buenos_Aires" -> "Buenos Aires"; Russian names where there is one. */
export function zoneCity(zone: string, locale: Locale): string {
  const named = locale === "ru" ? russian[zone] : undefined;
  return named ?? zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

/** The browser's zone; Moscow when it has none of the form Area/City. */
export function ownZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone === "UTC" || zone?.includes("/") ? zone : "Europe/Moscow";
}

/** Every zone the browser knows and `chosen`, from west to east. */
export function zones(locale: Locale, at: Date, chosen: string): Zone[] {
  const known = new Set([...Intl.supportedValuesOf("timeZone"), "UTC", chosen].filter(Boolean));
  const found: Zone[] = [];
  for (const value of known) {
    if (value !== "UTC" && !value.includes("/")) continue;
    const offset = zoneOffset(value, at);
    if (offset !== null)
      found.push({ value, offset, label: `${zoneCity(value, locale)} (${offsetName(offset)})` });
  }
  return found.sort((a, b) => a.offset - b.offset || a.label.localeCompare(b.label, locale));
}
