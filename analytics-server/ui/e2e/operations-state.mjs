// What the operators' page may be told: a morning on which much is wrong, and a server that nobody uses yet.

const at = "2026-11-26T21:00:00Z";
const error = (code, message, operation = "insights (campaign)") => ({ code, message, operation, at: "2026-11-26T18:40:00Z" });
const platform = (platform, accounts, changes = {}) => ({
  platform,
  accounts,
  due: 0,
  oldest_due: null,
  handed_over: 0,
  running: 0,
  failing: 0,
  needs_relink: 0,
  complete_through: "2026-11-25",
  lag_days: 1,
  pause: null,
  ...changes,
});
const worker = (id, host, role, changes = {}) => ({ id, host, role, version: "0.1.0", capacity: 0, running: 0, started_at: "2026-11-20T03:12:00Z", seen_at: "2026-11-26T20:59:58Z", ...changes });
const failure = (id, name, platform, workspace, changes = {}) => ({
  id: `acc_${id}`,
  platform,
  name,
  workspace,
  state: "active",
  error: error("transient", "HTTP 503 Service Unavailable without a message that could be read: trying again later may help"),
  attempts: 3,
  next_attempt_at: "2026-11-26T21:20:00Z",
  last_success_at: "2026-11-25T19:00:00Z",
  running: false,
  ...changes,
});

export const empty = { at, version: "0.1.0", workers: [], platforms: [], budgets: [], failures: [], more_failures: false };

export const busy = {
  ...empty,
  workers: [
    worker("w1", "web-1.internal.example.com", "web"),
    worker("w2", "scheduler-1.internal.example.com", "scheduler"),
    worker("w3", "worker-1.internal.example.com", "worker", { capacity: 16, running: 16 }),
    worker("w4", "worker-2.internal.example.com", "worker", { capacity: 16, running: 9, version: "0.0.9" }),
  ],
  platforms: [
    platform("facebook_ads", 128400, { due: 4210, oldest_due: "2026-11-26T19:12:30Z", running: 21, handed_over: 12, failing: 37, needs_relink: 212 }),
    platform("google_ads", 88012, { due: 12, oldest_due: "2026-11-26T20:59:20Z", running: 4 }),
    platform("instagram", 5, { lag_days: null, complete_through: null, running: 2 }),
    platform("x", 940, {
      lag_days: 4,
      complete_through: "2026-11-22",
      due: 940,
      oldest_due: "2026-11-23T02:00:00Z",
      failing: 940,
      pause: { until: "2026-11-26T23:00:00Z", error: error("unavailable", "Your enrolled account does not have any credits to fulfill this request.", "posts") },
    }),
    platform("yahoo_search_ads", 310, { lag_days: 5, complete_through: "2026-11-21", due: 40, oldest_due: "2026-11-22T02:00:00Z" }),
  ],
  budgets: [
    { platform: "google_ads", scope: "", used: 12480, allowed: 15000, parked_until: null },
    { platform: "facebook_ads", scope: "act_10203040506070", used: 0, allowed: null, parked_until: "2026-11-26T21:42:00Z" },
  ],
  failures: [
    failure("a", "Kumo Shoes Japan", "facebook_ads", "Aoyama Tea"),
    failure("b", "みどり珈琲 公式", "x", "渋谷デザイン", { error: error("unavailable", "Your enrolled account does not have any credits to fulfill this request.", "posts"), attempts: 1, running: true }),
    failure("c", "Old shop with a rather long name that somebody once gave it", "google_ads", "Agency of many names", { state: "error", error: error("permission_denied", "The caller does not have permission"), attempts: 1, next_attempt_at: null }),
    failure("d", "Harbour Hotel", "instagram", "Aoyama Tea", { state: "needs_relink", error: error("auth_expired", "Error validating access token: the session has been invalidated because the user changed the password."), attempts: 1, next_attempt_at: null }),
  ],
  more_failures: true,
};
