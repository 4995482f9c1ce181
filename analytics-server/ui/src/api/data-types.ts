/** What is stored of an account, and what became of it when it was deleted. */
import type { FeedKind } from "./catalogue-types";
import type { Level } from "./types";

/** `GET /accounts/{id}/coverage` */
export interface Coverage {
  complete_through: string | null;
  feeds: FeedCoverage[];
}

export interface FeedCoverage {
  level: Level;
  feed: string;
  kind: FeedKind;
  metrics: string[];
  runs: CoverageRun[];
}

/** Days one after the other in the same state. */
export interface CoverageRun {
  start: string;
  end: string;
  state: "final" | "provisional" | "failed" | "missing";
  first_fetched_at: string | null;
  last_fetched_at: string | null;
  /** What kind of failure failed days had, as errors have codes. */
  code: string | null;
  /** Why failed days failed: a sentence for whoever looks into it, in English. */
  reason: string | null;
}

/** How much is stored of an account. */
export interface Amounts {
  entities: number;
  facts: number;
  counters: number;
  windows: number;
  revisions: number;
  first_day: string | null;
  last_day: string | null;
  /** Consents that reach nothing else and would go too. */
  grants: number;
}

/** What deleting everything of an account answers. */
export interface Removal {
  removed: Amounts;
  left: number;
}

/** `GET /deletions/{code}`: the proof for somebody who asked for deletion at the provider. */
export interface Deletion {
  code: string;
  provider: string;
  deleted_at: string;
  /** Consents that were removed. */
  grants: number;
  /** Accounts that no other consent reaches: they are not read any more. */
  accounts: number;
}
