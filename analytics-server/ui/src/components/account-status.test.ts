import { expect, it } from "vitest";
import type { Account } from "../api/types";
import { accountStatus, historyState } from "./account-status";

const account = (phase: Account["sync"]["phase"], more: Partial<Account> = {}, backfilling = true) =>
  ({ state: "active", error: null, not_offered: [], sync: { phase, backfilling, progress: 0.426 }, ...more }) as Account;

it("speaks of progress only while something goes on", () => {
  expect(historyState(account("running"))).toBe("loading");
  expect(historyState(account("queued"))).toBe("loading");
  expect(historyState(account("waiting"))).toBe("waiting");
  expect(historyState(account("idle"))).toBe("waiting");
  expect(historyState(account("idle", {}, false))).toBe("complete");
  expect(accountStatus(account("running")).text).toContain("42%");
  expect(accountStatus(account("idle")).text).not.toContain("%");
});

it("says that the last update failed rather than that the history waits", () => {
  const error = { code: "transient" } as Account["error"];
  expect(accountStatus(account("waiting", { error })).tone).toBe("warn");
  expect(accountStatus(account("running", { error })).tone).toBe("busy");
});

it("does not seem well without a permission that figures need", () => {
  const without = (reason: string) => account("idle", { not_offered: [{ metric: "views", reason, scope: null }] } as Partial<Account>, false);
  expect(accountStatus(without("missing_scope")).tone).toBe("warn");
  expect(accountStatus(without("too_few_followers")).tone).toBe("good");
});

it("expects nothing more of an unlinked account", () => {
  expect(historyState(account("idle", { state: "archived" }))).toBe("complete");
});
