/** What can be linked and what it gives: `GET /platforms` and `GET /metrics`. */
import type { Family, Level, Localized } from "./types";

export interface Platform {
  id: string;
  provider: string;
  family: Family;
  name: Localized;
  configured: boolean;
  scopes: Scope[];
  feeds: Feed[];
  breaks: MetricBreak[];
  /** Lifetime totals of posts, the most important first; empty for ads. */
  post_totals: string[];
  /** Amounts of posts within a period, the most important first. */
  post_amounts: string[];
  metrics: string[];
  /** How far back the daily feeds go. */
  history_days: number;
  default_metrics: string[];
  /** What an operator does to configure it; null when it is configured. */
  setup_hint: Localized | null;
  /** Set while nothing of it is read, because the service's own access needs its operator; what the platform said is for owners. */
  paused: { until: string; message: string | null } | null;
}

export interface Scope {
  id: string;
  why: Localized;
  required: boolean;
  /** Figures that are missing without it. */
  metrics: string[];
}

/** `snapshot`: the platform tells things only as they are now, so that their history begins on linking. */
export type FeedKind = "daily" | "snapshot";

/** Metrics that are fetched together. */
export interface Feed {
  id: string;
  kind: FeedKind;
  levels: Level[];
  metrics: string[];
  history_days: number;
}

/** From `date` on the metric means something else: no comparison crosses it. */
export interface MetricBreak {
  metric: string;
  date: string;
  reason: Localized;
}

export interface Metric {
  id: string;
  label: Localized;
  unit: "count" | "currency" | "ratio" | "seconds";
  kind: "additive" | "ratio" | "stock" | "unique";
  better: "up" | "down" | "neutral";
  numerator: string | null;
  denominator: string | null;
  scale: number;
  description: Localized;
}
