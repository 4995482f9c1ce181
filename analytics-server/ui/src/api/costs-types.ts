/** `GET /costs`: what reading costs in a month, at the platforms that charge for it. */
export interface Costs {
  /** `2026-11` */
  month: string;
  currency: string;
  platforms: PlatformCosts[];
}

export interface PlatformCosts {
  platform: string;
  /** What may be spent in the month; null where nothing limits it. */
  cap: number | null;
  /** Spent so far. */
  actual: number;
  /** What the whole month is expected to cost. */
  estimate: number;
  accounts: AccountCosts[];
}

export interface AccountCosts {
  account: string;
  name: string;
  actual: number;
  estimate: number;
  /** How often each kind of thing was read. */
  reads: { kind: string; count: number }[];
}
