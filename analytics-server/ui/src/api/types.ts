/** The HTTP contract of `/api/v1`, as the server speaks it. Dates are plain `YYYY-MM-DD`; times are RFC 3339 in UTC. */
export type { Feed, Metric, MetricBreak, Platform, Scope } from "./catalogue-types";

export type Language = "en" | "ja";
/** A sentence or name in every language the product speaks. */
export type Localized = Record<Language, string>;

export interface Session {
  user: { email: string; name: string };
  role: "owner" | "editor" | "viewer";
  workspace: Workspace;
  workspaces: { id: string; name: string; role: string }[];
  /** Today in the workspace's time zone. */
  today: string;
  /** Whether the pages of those who run the server are open. */
  operator: boolean;
  demo: boolean;
}

export interface Workspace {
  id: string;
  name: string;
  time_zone: string;
  currency: string | null;
  week_start: string;
  fiscal_year_start: number;
  language: Language;
}

/** What an owner may change. */
export type WorkspaceChange = Partial<Omit<Workspace, "id">>;

export interface SetupRequest {
  token: string;
  name: string;
  email: string;
  password: string;
  workspace: string;
  time_zone: string;
  language: Language;
}

export type Family = "ads" | "media";

export interface GrantAccounts {
  grant: { id: string; provider: string };
  accounts: GrantAccount[];
  /** The provider's platforms, and what keeps their accounts or figures away. */
  platforms: ReachedPlatform[];
}

export interface ReachedPlatform {
  platform: string;
  /** Permissions that were not given. */
  missing_scopes: string[];
  /** Why its accounts could not be listed, for whoever looks into it, in English; null where they were. */
  error: string | null;
}

export interface GrantAccount {
  platform: string;
  external_id: string;
  name: string;
  currency: string | null;
  time_zone: string;
  picture_url: string | null;
  status: "active" | "disabled" | "closed" | "unsettled" | "pending" | "no_role";
  /** False where the consent shows the account but cannot read it; `note` says why. */
  linkable: boolean;
  /** Our id when the workspace already has it. */
  linked: string | null;
  note: Localized | null;
}

export interface Account {
  id: string;
  platform: string;
  provider: string;
  family: Family;
  external_id: string;
  name: string;
  currency: string | null;
  time_zone: string;
  picture_url: string | null;
  state: "active" | "needs_relink" | "error" | "archived";
  error: AccountError | null;
  sync: SyncState;
  covered_from: string | null;
  complete_through: string | null;
  linked_at: string;
  data_version: number;
  levels: Level[];
  metrics: string[];
  /** Metrics of the account whose history starts on linking, with their first known day; absent until that day is there. */
  since: Record<string, string>;
  /** The first day of which the daily amounts of posts are known; null before the second reading. */
  posts_since: string | null;
  /** Figures that this account does not get. */
  not_offered: NotOffered[];
  /** The permission whose absence keeps the figures of single posts away. */
  posts_withheld: string | null;
  /** From then on the provider answers only after another consent; null where it never stops. */
  access_ends_at: string | null;
  /** What is billed beside the cost of its ads, ascending by day. */
  cost_terms: CostTerm[];
}

/** `on_top` (外掛け): a share of the cost. `within` (内掛け): a share of what is billed. */
export type FeeKind = "on_top" | "within";

/** What is billed from a day of the account on. Rates are shares of one in decimal text. */
export interface CostTerm {
  from: string;
  fee: { kind: FeeKind; rate: string } | null;
  /** Consumption tax, on cost and fee. */
  tax: string | null;
}

export interface NotOffered {
  metric: string;
  reason: "missing_scope" | "too_few_followers" | "not_supported" | "no_data";
  /** The permission that was not given. */
  scope: string | null;
}

export type Level = "account" | "campaign" | "ad_group" | "ad" | "post";

export interface AccountError {
  code: string;
  message: string;
  operation: string;
  since: string;
  retry_at: string | null;
}

export interface SyncState {
  phase: "queued" | "running" | "waiting" | "idle";
  backfilling: boolean;
  /** Share of the planned account-days already covered, 0 to 1. */
  progress: number;
  eta_seconds: number | null;
  days_done: number;
  days_total: number;
  last_success_at: string | null;
  next_attempt_at: string | null;
}

export interface Entity {
  id: string;
  account: string;
  level: Level;
  external_id: string;
  name: string;
  status: string | null;
  parent: string | null;
  permalink: string | null;
  thumbnail_url: string | null;
}

/** The body of every error answer (RFC 9457); further members depend on the code. */
export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  field?: string;
  value?: unknown;
  nearest?: string | null;
  message?: string;
  retry_after?: number;
  setup_required?: boolean;
}
