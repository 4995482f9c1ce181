import { describe, expect, it } from "vitest";
import { en } from "./en";
import { ja } from "./ja";

type Leaf = { path: string; value: unknown };

function leaves(value: unknown, path = ""): Leaf[] {
  if (value === null || typeof value !== "object") return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}

describe("the dictionaries", () => {
  it("have the same entries", () => {
    const paths = (dictionary: unknown) => leaves(dictionary).map(({ path }) => path);
    expect(paths(ja)).toEqual(paths(en));
  });
  it("have functions of the same arguments", () => {
    const arities = (dictionary: unknown) =>
      leaves(dictionary).flatMap(({ path, value }) => (typeof value === "function" ? [`${path}/${value.length}`] : []));
    expect(arities(ja)).toEqual(arities(en));
  });
  it("leave no Japanese entry in English", () => {
    const kept = new Set(["product", "figure.noValue", "list", "connect.status", "providers.meta", "providers.google", "providers.yahoo", "providers.x"]);
    const same = leaves(ja).filter(({ path, value }) => {
      const other = leaves(en).find((leaf) => leaf.path === path);
      return typeof value === "string" && /[a-z]/i.test(value) && other?.value === value;
    });
    expect(same.map(({ path }) => path).filter((path) => !kept.has(path))).toEqual([]);
  });
});
