import type { Change, Figure, Status, Value } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { localized, words } from "../../i18n";
import { fullDay } from "../../i18n/dates";
import { coveredShare, metricValue, relativeChange } from "../../i18n/numbers";
import { language } from "../../state/preferences";

type Length = "full" | "short";
type Shown = Value | null | undefined;

/** A value in figures: bounds as a range, what is missing as a dash. */
export function figureText(value: Shown, metric: Metric, currency: string | null, length: Length = "short"): string {
  const t = words.value.figure;
  const text = (number: number) => metricValue(number, metric, currency, language.value, length);
  if (!value) return t.noValue;
  if (value.value !== null) return text(value.value);
  if (value.status === "bounded" && value.lower != null) {
    return value.upper != null ? t.bounded(text(value.lower), text(value.upper)) : t.atLeast(text(value.lower));
  }
  return t.noValue;
}

/** Whether it is shown as a range: brackets tell it from a figure. */
export const bounded = (value: Value): boolean => value.status === "bounded" && value.lower != null;

/** Whether there is anything to show: a figure or a range. */
export const known = (value: Shown): boolean => value != null && (value.value !== null || bounded(value));

/** The earlier day that a level was carried from. It is a true figure of that day, so nothing of it is partial. */
export const carriedFrom = (value: Shown): string | null => (value && value.value !== null ? (value.as_of ?? null) : null);

/** What a sign beside the figure has to say; a dash says itself that there is none. */
export function markOf(value: Shown): Exclude<Status, "final" | "missing"> | null {
  if (!value || carriedFrom(value) || value.status === "final" || value.status === "missing") return null;
  return value.status;
}

/** A value that is not simply settled, in a few words. */
export function statusWord(value: Shown): string | null {
  const t = words.value.figure;
  const day = carriedFrom(value);
  if (day) return t.asOf(fullDay(day, language.value));
  return !value || value.status === "final" ? null : t.status[value.status];
}

/** Sentences about a value that is not simply settled; empty for one that is. */
export function valueNotes(value: Value, metric: Metric, catalogue: ReadonlyMap<string, Metric>): string[] {
  const t = words.value.figure;
  const day = carriedFrom(value);
  if (day) return [t.explain.carried(fullDay(day, language.value))];
  const notes: string[] = [];
  const reason = value.reason ?? null;
  if (reason === "zero_denominator") {
    const denominator = metric.denominator ? catalogue.get(metric.denominator) : undefined;
    notes.push(t.valueReasons.zero_denominator(denominator ? localized(denominator.label) : (metric.denominator ?? "")));
  } else if (reason === "not_offered" || reason === "incomplete") {
    notes.push(t.valueReasons[reason]);
  } else if (reason === "not_additive" && value.lower == null) {
    notes.push(t.valueReasons.not_additive);
  }
  if (value.status === "provisional") notes.push(t.explain.provisional);
  if (value.status === "partial") notes.push(value.covered > 0 ? t.explain.partial(coveredShare(value.covered, language.value)) : t.valueReasons.incomplete);
  if (value.status === "bounded" && value.lower != null) notes.push(t.explain.bounded);
  if (value.status === "missing" && notes.length === 0) notes.push(t.explain.missing);
  if (value.pending) notes.push(value.value === null ? t.explain.pending : t.explain.pendingAgain);
  return notes;
}

export type ChangeTone = "good" | "bad" | "neutral";
/** The two values that a change lies between. */
export type Sides = Pick<Figure, "current" | "previous">;

/** A figure that has nothing before it is told apart from one that is not there itself. */
const changeReason = ({ reason }: Change, sides: Sides | undefined): string | null =>
  reason === "no_data" && sides && known(sides.current) && sides.previous?.status === "missing" ? "no_earlier" : reason;

/** How a change reads: its figure or its reason in a word, its direction, and whether that is good for this metric. */
export function changeText(change: Change, metric: Metric, sides?: Sides): { text: string; direction: -1 | 0 | 1; tone: ChangeTone } {
  const reasons: Record<string, string> = words.value.figure.changeReasons;
  const { relative } = change;
  if (relative === null) {
    const reason = changeReason(change, sides);
    return { text: reason ? (reasons[reason] ?? reason) : words.value.figure.noValue, direction: 0, tone: "neutral" };
  }
  const direction = relative > 0 ? 1 : relative < 0 ? -1 : 0;
  const wanted = metric.better === "up" ? 1 : metric.better === "down" ? -1 : 0;
  const tone = direction === 0 || wanted === 0 ? "neutral" : direction === wanted ? "good" : "bad";
  return { text: relativeChange(relative, language.value), direction, tone };
}

/** Why there is no change, or an uncertain one. `begins`: the day inside the compared days on which the history begins. */
export function changeNote(change: Change, sides?: Sides, begins: string | null = null): string | null {
  const notes: Record<string, string> = words.value.figure.changeExplain;
  const reason = changeReason(change, sides);
  if (begins && change.relative === null && (change.reason === "incomplete" || change.reason === "no_data")) return words.value.history.bothCovered(fullDay(begins, language.value));
  return reason ? (notes[reason] ?? null) : null;
}

/** The number exactly as the server sent it; empty where there is none. */
export const raw = (value: number | null | undefined): string => (value === null || value === undefined ? "" : String(value));
