/**
 * Labels of plain dates. A date of a report is a day of the account, not a moment: it is read as UTC and written as
 * UTC, so that the reader's time zone can never shift it.
 */
import type { Bucket, DateRange, Grain } from "../api/report-types";
import type { Language } from "../api/types";

/** Day before month in English: short, and never mistaken for the other order because months are written in letters. */
const locales: Record<Language, string> = { en: "en-GB", ja: "ja-JP" };
const dayMilliseconds = 86_400_000;

export function isPlainDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function utc(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}

export function daysBetween(start: string, end: string): number {
  return Math.round((utc(end).getTime() - utc(start).getTime()) / dayMilliseconds);
}

/**
 * Ordinary spaces instead of Intl's thin ones keep text comparable and lines breakable; and British "Sept" is one letter
 * longer than every other month.
 */
const tidy = (text: string) => text.replace(/[\u2009\u202f]/g, " ").replace(/\bSept\b/g, "Sep");

interface Format {
  format: (date: Date) => string;
  formatRange: (start: Date, end: Date) => string;
}

const formats = new Map<string, Format>();
function format(language: Language, options: Intl.DateTimeFormatOptions): Format {
  const key = language + JSON.stringify(options);
  let known = formats.get(key);
  if (!known) {
    const intl = new Intl.DateTimeFormat(locales[language], { ...options, timeZone: "UTC" });
    known = {
      format: (date) => tidy(intl.format(date)),
      formatRange: (start, end) => tidy(intl.formatRange(start, end)),
    };
    formats.set(key, known);
  }
  return known;
}

/** "22 Nov" and 11/22: as short as an axis wants it. */
export function dayLabel(date: string, language: Language): string {
  return format(language, { day: "numeric", month: language === "ja" ? "numeric" : "short" }).format(utc(date));
}

/** "22 Nov 2026" and 2026年11月22日. */
export function fullDay(date: string, language: Language): string {
  return format(language, { day: "numeric", month: "short", year: "numeric" }).format(utc(date));
}

/** "22 Nov" and 11月22日, as they stand in a sentence. */
const dayInWords = (date: string, language: Language): string => format(language, { day: "numeric", month: "short" }).format(utc(date));

/** "22 Nov", with the year only when it is not `today`'s. */
export function shortDay(date: string, today: string, language: Language): string {
  return date.slice(0, 4) === today.slice(0, 4) ? dayInWords(date, language) : fullDay(date, language);
}

function weekday(date: string, language: Language): string {
  const options: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
  return format(language, options).format(utc(date));
}

/** "24 Oct – 22 Nov 2026"; without the year where `year` is false. */
export function rangeLabel({ start, end }: DateRange, language: Language, year = true): string {
  if (start === end) return year ? fullDay(start, language) : dayInWords(start, language);
  if (language === "ja") {
    const from = year ? fullDay(start, language) : dayInWords(start, language);
    if (year && start.slice(0, 4) !== end.slice(0, 4)) return `${from}～${fullDay(end, language)}`;
    const sameMonth = start.slice(0, 7) === end.slice(0, 7);
    return `${from}～${sameMonth ? format(language, { day: "numeric" }).format(utc(end)) : dayInWords(end, language)}`;
  }
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
  if (year) options.year = "numeric";
  return format(language, options).formatRange(utc(start), utc(end));
}

const monthOf = (date: string) => Number(date.slice(5, 7));

function unitLabel({ start, end }: DateRange, grain: Grain, language: Language): string {
  const sameMonth = start.slice(0, 7) === end.slice(0, 7);
  if (grain === "year" && start.endsWith("-01-01") && end.endsWith("-12-31")) {
    return format(language, { year: "numeric" }).format(utc(start));
  }
  const options: Intl.DateTimeFormatOptions = { month: "short", year: "numeric" };
  if (sameMonth) return format(language, options).format(utc(start));
  if (language === "ja") {
    const last = start.slice(0, 4) === end.slice(0, 4) ? format(language, { month: "short" }) : format(language, options);
    return `${format(language, options).format(utc(start))}～${last.format(utc(end))}`;
  }
  return format(language, options).formatRange(utc(start), utc(end));
}

/** The full name of a bucket, for tooltips and tables: a unit's name when it is whole, else its days. */
export function bucketLabel(bucket: Bucket, grain: Grain, language: Language): string {
  if (grain === "day") return weekday(bucket.start, language);
  if (grain === "week" || !bucket.whole) return rangeLabel(bucket, language);
  return unitLabel(bucket, grain, language);
}

/** The short name of a bucket under the axis. The year is added where it begins or changes. */
export function axisLabel(bucket: Bucket, grain: Grain, language: Language, before: Bucket | undefined): string {
  if (grain === "day" || grain === "week") return dayLabel(bucket.start, language);
  if (grain === "year") {
    return format(language, { year: "numeric" }).format(utc(bucket.whole ? bucket.start : bucket.end));
  }
  const newYear = before === undefined || before.start.slice(0, 4) !== bucket.start.slice(0, 4);
  const first = format(language, newYear ? { month: "short", year: "numeric" } : { month: "short" });
  if (grain === "month" || monthOf(bucket.start) === monthOf(bucket.end)) return first.format(utc(bucket.start));
  if (language === "ja") {
    return `${first.format(utc(bucket.start))}～${format(language, { month: "short" }).format(utc(bucket.end))}`;
  }
  return first.formatRange(utc(bucket.start), utc(bucket.end));
}

/** A moment, in the workspace's time zone; with the year only when it is not `today`'s; an empty `today` is of no year. */
export function momentLabel(time: string, timeZone: string, language: Language, today?: string): string {
  const moment = new Date(time);
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone };
  const year = new Intl.DateTimeFormat("en", { year: "numeric", timeZone }).format(moment);
  if (today !== undefined && !today.startsWith(year)) options.year = "numeric";
  return tidy(new Intl.DateTimeFormat(locales[language], options).format(moment));
}

/** The plain day on which a moment lies in a time zone. */
export const dayOfMoment = (time: string, timeZone: string): string =>
  new Intl.DateTimeFormat("sv-SE", { year: "numeric", month: "2-digit", day: "2-digit", timeZone }).format(new Date(time));

/** A moment in the reader's own time zone, which is named: for those who belong to no workspace. */
export function fullMoment(time: string, language: Language): string {
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
  return tidy(new Intl.DateTimeFormat(locales[language], options).format(new Date(time)));
}

/** "October 2026", for a month given by any of its days. */
export function monthLabel(date: string, language: Language): string {
  return format(language, { month: "long", year: "numeric" }).format(utc(date));
}

export function addDays(date: string, days: number): string {
  return new Date(utc(date).getTime() + days * dayMilliseconds).toISOString().slice(0, 10);
}

/** 0 for Sunday to 6 for Saturday. */
export const weekdayNumber = (date: string): number => utc(date).getUTCDay();

/** "S", "M", … of a day of the week by its number. */
export const weekdayInitial = (number: number, language: Language): string =>
  format(language, { weekday: language === "ja" ? "short" : "narrow" }).format(utc(addDays("2026-11-01", number)));

/** "Sunday" and "October", by their numbers: 0 for Sunday, 1 for January. */
export const weekdayName = (number: number, language: Language): string => format(language, { weekday: "long" }).format(utc(addDays("2026-11-01", number)));
export const monthName = (number: number, language: Language): string => format(language, { month: "long" }).format(new Date(Date.UTC(2026, number - 1)));

/** "Sun, 22 Nov 2026" */
export const longDay = (date: string, language: Language): string => weekday(date, language);
