import { words } from "../../i18n";
import type { RowLevel } from "./requests";

/** What a platform's users call the things of a level, one and many. */
export function levelName(platform: string, level: RowLevel): { one: string; many: string } {
  const names: Record<string, [string, string]> = words.value.levels;
  const [one, many] = names[`${platform}_${level}`] ?? names[level] ?? [level, level];
  return { one, many };
}
