import { expect, it } from "vitest";
import type { Value } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { words } from "../../i18n";
import { changeNote, changeText, figureText, markOf, statusWord, valueNotes } from "./figure-text";

const metric = (id: string, better: Metric["better"]): Metric => ({
  id,
  better,
  label: { en: id, ja: id },
  unit: "count",
  kind: "additive",
  numerator: null,
  denominator: null,
  scale: 1,
  description: { en: "", ja: "" },
});
const change = (relative: number | null, reason: string | null = null) => ({ absolute: relative, relative, reason });

it("colours a change by the metric's direction, never by its sign", () => {
  expect(changeText(change(0.1), metric("clicks", "up")).tone).toBe("good");
  expect(changeText(change(0.1), metric("cpa", "down")).tone).toBe("bad");
  expect(changeText(change(-0.1), metric("cpa", "down")).tone).toBe("good");
  expect(changeText(change(-0.1), metric("spend", "neutral")).tone).toBe("neutral");
});

it("says the reason in words where there is no percentage", () => {
  expect(changeText(change(null, "new"), metric("clicks", "up"))).toEqual({ text: "new", direction: 0, tone: "neutral" });
});

it("keeps the percentage of a nearly complete side", () => {
  expect(changeText(change(0.1, "incomplete"), metric("clicks", "up")).text).toBe("+10.0%");
});

it("writes bounds as a range and what is missing as a dash", () => {
  const reach = metric("reach", "up");
  expect(figureText({ value: null, status: "bounded", covered: 1, lower: 1200, upper: 3400 }, reach, null)).toBe("1,200 – 3,400");
  expect(figureText({ value: null, status: "bounded", covered: 0.9, lower: 1200, upper: null }, reach, null)).toBe("at least 1,200");
  expect(figureText({ value: null, status: "missing", covered: 0 }, reach, null)).toBe("–");
  expect(figureText({ value: 0, status: "final", covered: 1 }, reach, null)).toBe("0");
});

it("takes a carried level for a true figure of its day, not for a partial one", () => {
  const likes = { ...metric("likes_lifetime", "up"), kind: "stock" as const };
  const carried: Value = { value: 12, status: "partial", covered: 0, as_of: "2026-11-18" };
  expect(markOf(carried)).toBeNull();
  expect(statusWord(carried)).toBe("as of 18 Nov 2026");
  expect(valueNotes(carried, likes, new Map()).join()).not.toContain("%");
  expect(markOf({ value: 12, status: "partial", covered: 0.5 })).toBe("partial");
  expect(markOf({ value: null, status: "missing", covered: 0 })).toBeNull();
});

it("says that a figure that is asked for again is there already", () => {
  const reach = metric("reach", "up");
  const [first] = valueNotes({ value: null, status: "bounded", covered: 1, lower: 1, upper: 2, pending: true }, reach, new Map()).slice(-1);
  const [again] = valueNotes({ value: 5, status: "provisional", covered: 1, pending: true }, reach, new Map()).slice(-1);
  expect([first, again]).toEqual([words.value.figure.explain.pending, words.value.figure.explain.pendingAgain]);
});

it("tells a figure without an earlier one from one that is not there", () => {
  const known: Value = { value: 5, status: "final", covered: 1 };
  const missing: Value = { value: null, status: "missing", covered: 0 };
  const none = change(null, "no_data");
  const views = metric("views", "up");
  expect(changeText(none, views, { current: known, previous: missing }).text).toBe("no earlier figure");
  expect(changeText(none, views, { current: missing, previous: known }).text).toBe("no data");
  expect(changeText(none, views).text).toBe("no data");
});

it("says since when there is data, where that is why there is no change", () => {
  const note = words.value.history.bothCovered("26 Sep 2026");
  expect(changeNote(change(null, "incomplete"), undefined, "2026-09-26")).toBe(note);
  expect(changeNote(change(null, "no_data"), undefined, "2026-09-26")).toBe(note);
  expect(changeNote(change(null, "new"), undefined, "2026-09-26")).toBe(words.value.figure.changeExplain.new);
  expect(changeNote(change(0.1, "incomplete"), undefined, "2026-09-26")).toBe(words.value.figure.changeExplain.incomplete);
  expect(changeNote(change(null, "incomplete"))).toBe(words.value.figure.changeExplain.incomplete);
});
