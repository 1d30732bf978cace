// Birthdays as the server keeps them: `MM-DD`, or `YYYY-MM-DD` when the year is known.

/** Whether it is his birthday today. */
export function hasBirthday(birthday: string | null, today: string): boolean {
  return birthday !== null && birthday.slice(-5) === today.slice(-5);
}

/** "1984-11-23" -> "23 ноября 1984 г."; without a year only the day. */
export function birthdayText(birthday: string | null, locale: string): string | null {
  if (!birthday) return null;
  const known = birthday.length === 10;
  const date = new Date(`${known ? birthday : `2000-${birthday}`}T00:00:00Z`);
  return new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "long",
    ...(known ? { year: "numeric" } : {}),
    timeZone: "UTC",
  }).format(date);
}
