import { expect, it } from "vitest";
import type { Account } from "../api/types";
import { accessEndsSoon, missingScopes } from "./access";

it("speaks of the end of access two weeks before", () => {
  const account = { access_ends_at: "2026-12-07T09:00:00Z" } as Account;
  expect(accessEndsSoon(account, "2026-11-22", "UTC")).toBeNull();
  expect(accessEndsSoon(account, "2026-11-23", "UTC")).toBe("2026-12-07");
  expect(accessEndsSoon({ access_ends_at: "2026-12-07T20:00:00Z" } as Account, "2026-11-24", "Asia/Tokyo")).toBe("2026-12-08");
  expect(accessEndsSoon({ access_ends_at: null } as Account, "2026-11-23", "UTC")).toBeNull();
});

it("names what is missing by the permission that was not given", () => {
  const not_offered: Account["not_offered"] = [
    { metric: "reach", reason: "missing_scope", scope: "insights" },
    { metric: "follows", reason: "too_few_followers", scope: null },
    { metric: "views", reason: "missing_scope", scope: "insights" },
  ];
  expect(missingScopes({ not_offered } as Account)).toEqual([{ scope: "insights", metrics: ["reach", "views"] }]);
});
