import { expect, it } from "vitest";
import { nextMark } from "./table-scroll";

/** As much of an element as the way from mark to mark looks at. */
const row = {};
const other = {};
const mark = (tr: object, cellIndex: number) => ({ closest: (selector: string) => (selector === "tr" ? tr : { cellIndex }) }) as unknown as HTMLElement;
const marks = [mark(row, 0), mark(row, 2), mark(other, 0), mark(other, 2)] as [HTMLElement, HTMLElement, HTMLElement, HTMLElement];
const [name, value, nameBelow, valueBelow] = marks;

it("goes from figure to figure sideways, and up and down within a column", () => {
  expect(nextMark("ArrowRight", value, marks)).toBe(nameBelow);
  expect(nextMark("ArrowLeft", value, marks)).toBe(name);
  expect(nextMark("ArrowDown", value, marks)).toBe(valueBelow);
  expect(nextMark("ArrowUp", valueBelow, marks)).toBe(value);
});

it("stays where there is none, and leaves other keys alone", () => {
  expect(nextMark("ArrowUp", name, marks)).toBeUndefined();
  expect(nextMark("ArrowRight", valueBelow, marks)).toBeUndefined();
  expect(nextMark("Tab", name, marks)).toBeUndefined();
});
