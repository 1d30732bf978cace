// Small helpers for words and numbers.

/** "Анна Сергеевна Ким" -> "АК"; an address gives its first letter. */
export function initials(name: string): string {
  const words = name
    .replace(/[«»"'().,]/g, " ")
    .split(/[\s@]+/)
    .filter((word) => /\p{L}|\p{N}/u.test(word));
  const first = words[0]?.match(/\p{L}|\p{N}/u)?.[0] ?? "?";
  if (name.includes("@") || words.length < 2) return first.toUpperCase();
  const last = words[words.length - 1]?.match(/\p{L}|\p{N}/u)?.[0] ?? "";
  return (first + last).toUpperCase();
}

/** A counter that may be cut off: 1000 of 1000 reads "1000+". */
export function capped(value: number, cap: number): string {
  return value >= cap ? `${cap}+` : String(value);
}

const units = { ru: ["Б", "КБ", "МБ", "ГБ"], en: ["B", "KB", "MB", "GB"] };

/** 1536 -> "1,5 КБ". */
export function fileSize(bytes: number, locale: "ru" | "en"): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < 3) {
    value /= 1024;
    unit += 1;
  }
  const number = new Intl.NumberFormat(locale, {
    maximumFractionDigits: unit === 0 || value >= 10 ? 0 : 1,
  }).format(value);
  return `${number} ${units[locale][unit]}`;
}

const emailPattern = /^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:".]{2,}$/u;

export function isEmail(text: string): boolean {
  return emailPattern.test(text.trim());
}

/** "Анна <anna@x.ru>" or "anna@x.ru" -> {name, address}; null when there is no address in it. */
export function parseAddress(text: string): { name: string | null; address: string } | null {
  const angled = text.trim().match(/^(.*?)\s*<([^<>]+)>$/);
  const address = (angled?.[2] ?? text).trim();
  if (!isEmail(address)) return null;
  const name = angled?.[1]?.replace(/^"|"$/g, "").trim();
  return { name: name ? name : null, address };
}
