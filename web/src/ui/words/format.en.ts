// How times, durations, sizes and lists of names are written. Another language is a file of the same exports.

const kLocale = 'en';
const kWeekday = new Intl.DateTimeFormat(kLocale, { weekday: 'long' });
const kShortWeekday = new Intl.DateTimeFormat(kLocale, { weekday: 'short' });
const kDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });
const kDayAndYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
const kShortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const kList = new Intl.ListFormat(kLocale, { style: 'long', type: 'conjunction' });
const kPlural = new Intl.PluralRules(kLocale);
const kNumber = new Intl.NumberFormat('fr', { maximumFractionDigits: 0 });

/** `plural(3, 'message', 'messages')` is `3 messages`. */
export const plural = (count: number, one: string, other: string): string =>
  `${number(count)} ${kPlural.select(count) === 'one' ? one : other}`;

/** `8 000`: thousands apart by a space that does not break. */
export const number = (value: number): string => kNumber.format(value).replace(/\u202f/g, '\u00a0');

/** `Ann, Ben and Cleo`. */
export const names = (all: readonly string[]): string => kList.format(all).replace(/, and /, ' and ');

const two = (value: number): string => String(value).padStart(2, '0');

/** `14:03`: 24 hours whatever the browser's region says. By hand, because a list asks for it twice a row and Intl is slow. */
export function clock(iso: string): string {
  const date = new Date(iso);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `41 s`, `2 min 5 s`, `1 h 2 min` (R-001-25). */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 60)} h`;
}

/** `1.2 MB`: steps of 1024, as the limit is counted. */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return plural(bytes, 'byte', 'bytes');
  const [value, unit] = bytes < 1024 * 1024 ? [bytes / 1024, 'kB'] : [bytes / (1024 * 1024), 'MB'];
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ${unit}`;
}

const dayNumber = (date: Date): number => Math.floor((date.getTime() - date.getTimezoneOffset() * 60_000) / 86_400_000);

/** How many calendar days `iso` lies before now. */
export const daysAgo = (iso: string, now: number): number => dayNumber(new Date(now)) - dayNumber(new Date(iso));

/** Of a day separator: `Today`, `Yesterday`, `Tuesday`, `Tuesday, 24 November`, `24 November 2025`. */
export function dayName(iso: string, now: number): string {
  const ago = daysAgo(iso, now);
  const date = new Date(iso);
  if (ago === 0) return 'Today';
  if (ago === 1) return 'Yesterday';
  if (ago > 1 && ago < 7) return kWeekday.format(date);
  return date.getFullYear() === new Date(now).getFullYear() ? `${kWeekday.format(date)}, ${kDay.format(date)}` : kDayAndYear.format(date);
}

/** Of a row in the sidebar: `14:03`, `Tue`, `24 Nov`. */
export function shortTime(iso: string, now: number): string {
  const ago = daysAgo(iso, now);
  if (ago <= 0) return clock(iso);
  return ago < 7 ? kShortWeekday.format(new Date(iso)) : kShortDay.format(new Date(iso));
}

/** `14:03`, `Tuesday, 14:03`, `24 November, 14:03`: when something was, said in full. */
export const longTime = (iso: string, now: number): string =>
  daysAgo(iso, now) <= 0 ? clock(iso) : `${dayName(iso, now)}, ${clock(iso)}`;
