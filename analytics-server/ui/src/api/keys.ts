/** Under which names answers are kept. */
import type { Level } from "./types";

export const keys = {
  session: ["session"] as const,
  accounts: ["accounts"] as const,
  platforms: ["platforms"] as const,
  metrics: ["metrics"] as const,
  grant: (id: string) => ["grant", id] as const,
  entitiesOf: (account: string) => ["entities", account] as const,
  entities: (account: string, level: Level, parent: string | null) => ["entities", account, level, parent] as const,
  coverage: (account: string) => ["coverage", account] as const,
  contents: (account: string) => ["contents", account] as const,
  costs: ["costs"] as const,
  deletion: (code: string) => ["deletion", code] as const,
  /** Reports of one account, or of several together under the name `overview`. */
  reportsOf: (scope: string) => ["report", scope] as const,
};

/** The scope of reports over several accounts. */
export const overview = "overview";
