/** How the whole server fares; only operators are told. */
import { useQuery } from "@tanstack/preact-query";
import { queryClient } from "./client";
import { deleteResource, getJson, postJson } from "./http";

export interface RecordedError {
  code: string;
  message: string;
  operation: string;
  at: string;
}

export interface Worker {
  id: string;
  host: string;
  role: "all" | "web" | "worker" | "scheduler";
  version: string;
  /** Accounts it works on at the same time; 0 for one that works on none. */
  capacity: number;
  running: number;
  started_at: string;
  seen_at: string;
}

export interface PlatformState {
  platform: string;
  accounts: number;
  due: number;
  oldest_due: string | null;
  handed_over: number;
  running: number;
  failing: number;
  needs_relink: number;
  complete_through: string | null;
  /** Days from the last complete day of the account furthest behind; null while one has none. */
  lag_days: number | null;
  pause: { until: string; error: RecordedError } | null;
}

export interface Budget {
  platform: string;
  scope: string;
  used: number;
  allowed: number | null;
  parked_until: string | null;
}

export interface FailedAccount {
  id: string;
  platform: string;
  name: string;
  workspace: string;
  state: "active" | "needs_relink" | "error";
  error: RecordedError | null;
  attempts: number;
  next_attempt_at: string | null;
  last_success_at: string | null;
  running: boolean;
}

export interface Operations {
  at: string;
  version: string;
  workers: Worker[];
  platforms: PlatformState[];
  budgets: Budget[];
  failures: FailedAccount[];
  more_failures: boolean;
}

const key = ["operations"] as const;
/** While somebody looks, the page keeps up by itself. */
const pace = 10_000;

export const useOperations = () =>
  useQuery({ queryKey: key, queryFn: ({ signal }) => getJson<Operations>("/operations", signal), refetchInterval: pace, staleTime: 0 });

const askAgain = () => queryClient.invalidateQueries({ queryKey: key });

export async function retryFailure(id: string): Promise<void> {
  await postJson(`/operations/failures/${encodeURIComponent(id)}/retry`, {});
  await askAgain();
}

export async function liftPause(platform: string): Promise<void> {
  await deleteResource(`/operations/pauses/${encodeURIComponent(platform)}`);
  await askAgain();
}
