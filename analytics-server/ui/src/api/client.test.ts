import { expect, it } from "vitest";
import { accountMayBeGone } from "./client";
import { Problem } from "./http";
import { keys } from "./keys";

it("takes an account for gone when what is asked about it is not found", () => {
  const gone = new Problem(404, { code: "not_found" });
  expect(accountMayBeGone(gone, keys.coverage("acc_1"))).toBe(true);
  expect(accountMayBeGone(new Problem(422, { code: "unknown_account" }), [...keys.reportsOf("acc_1"), {}])).toBe(true);
  expect(accountMayBeGone(gone, keys.deletion("del_1"))).toBe(false);
  expect(accountMayBeGone(new Problem(422, { code: "unknown_metric" }), keys.reportsOf("acc_1"))).toBe(false);
  expect(accountMayBeGone(new Error("offline"), keys.coverage("acc_1"))).toBe(false);
});
