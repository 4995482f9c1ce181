import { effect, signal } from "@preact/signals";
import { base } from "../state/base";
import { markReachable } from "../state/online";
import { purging, removedElsewhere } from "../state/removal";
import { forgetAccount, knownAccount, putAccount } from "./account-cache";
import { queryClient } from "./client";
import { keys, overview } from "./queries";
import type { Account } from "./types";

/** During a backfill data arrives many times a second: reports are asked again at most this often. */
const quiet = 1500;
const longestPause = 30_000;

/** True while the live connection stands. */
export const live = signal(false);

let source: EventSource | null = null;
let pause = 1000;
let timer: number | undefined;
const waiting = new Map<string, number>();

/** What was shown of an account, alone or among others, is asked again. */
function dataChanged(account: string): void {
  askAgain(account, [keys.reportsOf(account), keys.coverage(account)]);
  askAgain(overview, [keys.reportsOf(overview)]);
}

function askAgain(what: string, queries: (readonly unknown[])[]): void {
  if (waiting.has(what)) return;
  const run = () => {
    waiting.delete(what);
    for (const queryKey of queries) void queryClient.invalidateQueries({ queryKey });
  };
  waiting.set(what, window.setTimeout(run, quiet));
}

/** Somebody deleted an account. Where it is open, the page says so and goes elsewhere. */
export function accountRemoved(id: string): void {
  if (purging.has(id)) return;
  const account = knownAccount(id);
  forgetAccount(id);
  if (account) removedElsewhere.value = { id, name: account.name };
}

function parse<T>(event: Event): T | null {
  try {
    return JSON.parse((event as MessageEvent<string>).data) as T;
  } catch {
    return null;
  }
}

function open(): void {
  const stream = new EventSource(`${base}/api/v1/events`);
  source = stream;
  stream.onopen = () => {
    // What happened before the line stood, or while it was down, is asked for, not guessed.
    void queryClient.invalidateQueries({ queryKey: keys.accounts });
    pause = 1000;
    live.value = true;
    markReachable();
  };
  stream.addEventListener("account", (event) => {
    const account = parse<Account>(event);
    if (account) putAccount(account);
  });
  stream.addEventListener("data", (event) => {
    const data = parse<{ account: string; data_version: number }>(event);
    if (data) dataChanged(data.account);
  });
  stream.addEventListener("removed", (event) => {
    const removed = parse<{ id: string }>(event);
    if (removed) accountRemoved(removed.id);
  });
  stream.onerror = () => {
    live.value = false;
    stream.close();
    if (source !== stream) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(open, pause);
    pause = Math.min(pause * 2, longestPause);
  };
}

/** Starts listening; the answer stops it. Reconnects by itself, ever more slowly, at once when the network returns. */
export function listen(): () => void {
  const reconnect = () => {
    if (source?.readyState !== EventSource.CLOSED) return;
    window.clearTimeout(timer);
    open();
  };
  open();
  window.addEventListener("online", reconnect);
  return () => {
    window.removeEventListener("online", reconnect);
    window.clearTimeout(timer);
    for (const id of waiting.values()) window.clearTimeout(id);
    waiting.clear();
    source?.close();
    source = null;
    live.value = false;
  };
}

/** While the live line is down, asks for the accounts now and then. */
export const fallbackPolling = () =>
  effect(() => {
    if (live.value) return;
    const id = window.setInterval(() => void queryClient.invalidateQueries({ queryKey: keys.accounts }), 20_000);
    return () => window.clearInterval(id);
  });
