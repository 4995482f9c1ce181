import { expect, it } from "vitest";
import { entryAt, inOrder, newRow, problemsOf, rowOf, termOf, type TermRow } from "./rows";

const row = (more: Partial<TermRow>): TermRow => ({ ...newRow("2026-11-01"), rate: "20", ...more });
const problems = (...rows: TermRow[]) => problemsOf(rows.map((one, key) => ({ ...one, key })));

it("turns percent into shares of one", () => {
  expect(termOf(row({}))).toEqual({ from: "2026-11-01", fee: { kind: "on_top", rate: "0.2" }, tax: "0.1" });
  expect(termOf(row({ kind: "within", rate: "12.5", taxed: false }))).toEqual({ from: "2026-11-01", fee: { kind: "within", rate: "0.125" }, tax: null });
  expect(termOf(row({ kind: "none", rate: "x", tax: "8" }))).toEqual({ from: "2026-11-01", fee: null, tax: "0.08" });
});

it("reads what a Japanese keyboard types", () => {
  expect(termOf(row({ rate: "１２．５％" })).fee?.rate).toBe("0.125");
  expect(problems(row({ rate: " ２０ % " }))).toEqual({});
});

it("gives back the terms that it was given", () => {
  const terms = [
    { from: "2026-04-01", fee: { kind: "within" as const, rate: "0.153333" }, tax: "0.1" },
    { from: "2026-10-01", fee: null, tax: null },
  ];
  expect(terms.map(rowOf).map(termOf)).toEqual(terms);
});

it("names what cannot be billed", () => {
  expect(problems(row({ rate: "0" }))).toEqual({ "0.rate": "on_top" });
  expect(problems(row({ rate: "-5" }))).toEqual({ "0.rate": "on_top" });
  expect(problems(row({ rate: "1000" }))).toEqual({});
  expect(problems(row({ rate: "1000.0001" }))).toEqual({ "0.rate": "on_top" });
  expect(problems(row({ kind: "within", rate: "100" }))).toEqual({ "0.rate": "within" });
  expect(problems(row({ kind: "within", rate: "99.9999" }))).toEqual({});
  expect(problems(row({ tax: "101" }), row({ from: "" }))).toEqual({ "0.tax": "tax", "1.from": "from" });
  expect(problems(row({}), row({}))).toEqual({ "1.from": "twice" });
  expect(problems(row({ kind: "none", rate: "x", taxed: false, tax: "x" }))).toEqual({});
});

it("finds the entry that the server refused, by the order they were sent in", () => {
  const rows = inOrder([row({ key: 5, from: "2027-01-01" }), row({ key: 6 })]);
  expect(entryAt("terms[0].from", rows)).toBe("6.from");
  expect(entryAt("terms[1].fee.rate", rows)).toBe("5.rate");
  expect(entryAt("terms[1].tax", rows)).toBe("5.tax");
  expect(entryAt("terms", rows)).toBeNull();
  expect(entryAt("terms[2].tax", rows)).toBeNull();
});
