/** `POST /api/v1/report`: the question and its answer. */

export type Grain = "day" | "week" | "month" | "quarter" | "year";
export interface DateRange {
  start: string;
  end: string;
}

export interface ReportRequest {
  accounts: string[];
  metrics: string[];
  range: string | DateRange;
  grain: Grain | null;
  compare: string | DateRange | null;
  group_by: string[];
  filters?: Filter[];
  /** The last complete day to cut the range at; left out: the asked level's own. */
  complete_through?: string | null;
  week_start?: string;
  fiscal_year_start?: number;
  order_by?: string;
  limit?: number;
  offset?: number;
}

/** `between` takes two days and the dimension `published`: only posts of these days. */
export interface Filter {
  dimension: string;
  op: "in" | "not in" | "between";
  values: string[];
}

export interface Report {
  query: {
    group_by: string[];
    range: ResolvedRange | null;
    comparison: ResolvedRange | null;
    complete_through: string | null;
  };
  metrics: ReportMetric[];
  buckets: Bucket[];
  /** One per bucket; null where nothing pairs with it. Empty without a comparison. */
  comparison_buckets: (Bucket | null)[];
  totals: Group[];
  groups: Group[];
  total_groups: number;
  warnings: ReportWarning[];
}

export interface ReportMetric {
  id: string;
  label: string;
  unit: string;
  kind: string;
  better: string;
  /** The first day of which every account that offers it has a figure; null: none yet. */
  since?: string | null;
}

/** `POST /report/published`: what the posts published in each bucket have collected so far. Never comparable with amounts per day. */
export type PublishedRequest = Pick<ReportRequest, "accounts" | "metrics" | "range" | "week_start" | "fiscal_year_start"> & { grain: Grain };

export interface Published {
  query: { range: ResolvedRange | null };
  buckets: Bucket[];
  totals: Record<string, Collected>;
  series: Record<string, Collected[]>;
  /** The oldest day of publication that was looked at. */
  since: string | null;
  /** The day of the newest reading. */
  as_of: string | null;
  warnings: ReportWarning[];
}

export interface Collected {
  value: number | null;
  status: Status;
  /** So many posts were published. */
  posts: number;
}

/** A range as the server understood it. Its dates are null when no complete day lies in it. */
export interface ResolvedRange {
  preset?: string | null;
  start: string | null;
  end: string | null;
  days: number | null;
}

export interface Bucket extends DateRange {
  whole: boolean;
}

export interface Group {
  kind: "entity" | "residual" | "other";
  /** Dimension → value; null in rows that belong to no value of it. */
  key: Record<string, string | null>;
  labels: Partial<Record<Label, string | null>>;
  totals: Record<string, Figure>;
  series: Record<string, Series> | null;
}

/** `published_at`, `thumbnail_url` and `type` are those of posts; a post's name is one line of its text. */
type Label = "name" | "external_id" | "account" | "status" | "permalink" | "published_at" | "thumbnail_url" | "type";

/** One metric's total of the range, beside the compared range's. */
export interface Figure {
  current: Value;
  previous: Value | null;
  change: Change | null;
}

export interface Series {
  current: Value[];
  previous: (Value | null)[] | null;
  change: (Change | null)[] | null;
}

export type Status = "missing" | "bounded" | "partial" | "provisional" | "final";

export interface Value {
  value: number | null;
  status: Status;
  /** Share of the account-days that are covered, 0 to 1. */
  covered: number;
  reason?: string | null;
  lower?: number | null;
  upper?: number | null;
  /** An exact figure has been asked for and will arrive; with a value: the settled one. */
  pending?: boolean;
  /** The earlier day that the value was carried from: it is right as of that day. */
  as_of?: string;
}

export interface Change {
  absolute: number | null;
  relative: number | null;
  reason: string | null;
}

export interface ReportWarning {
  code: string;
  message: string;
  accounts?: string[];
}
