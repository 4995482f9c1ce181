import { describe, expect, it } from "vitest";
import { operationsEn, operationsJa } from "./operations";

type Leaf = { path: string; value: unknown };

function leaves(value: unknown, path = ""): Leaf[] {
  if (value === null || typeof value !== "object") return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}

describe("the words of the operators' page", () => {
  it("are the same entries with the same arguments in both languages", () => {
    const shapes = (words: unknown) => leaves(words).map(({ path, value }) => (typeof value === "function" ? `${path}/${value.length}` : path));
    expect(shapes(operationsJa)).toEqual(shapes(operationsEn));
  });
  it("leave nothing in English in Japanese", () => {
    const same = leaves(operationsJa).filter(({ path, value }) => leaves(operationsEn).some((leaf) => leaf.path === path && typeof value === "string" && leaf.value === value));
    expect(same).toEqual([]);
  });
});
