// Prints the gzipped size of the built JavaScript and CSS and fails above the budgets: of all that the dashboard loads, its
// charts included, and of the pages that few ever open, each of which loads apart. Fonts are not counted.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

const budgets = { dashboard: 150_000, apart: 15_000 };
/** The pages of `app.tsx` that are loaded when somebody opens them. */
const apart = /^(operations|setup|deletion)-/;
const folder = new URL("../dist", import.meta.url).pathname;
const totals = { dashboard: 0, apart: 0 };
for (const name of readdirSync(folder, { recursive: true })) {
  if (!/\.(js|css)$/.test(name)) continue;
  const bytes = gzipSync(readFileSync(join(folder, name)), { level: 9 }).length;
  const part = apart.test(basename(name)) ? "apart" : "dashboard";
  totals[part] += bytes;
  console.log(`${String(bytes).padStart(8)}  ${part.padEnd(9)}  ${name}`);
}
for (const [part, budget] of Object.entries(budgets)) console.log(`${String(totals[part]).padStart(8)}  ${part} of ${budget}`);
if (totals.dashboard > budgets.dashboard || totals.apart > budgets.apart) process.exit(1);
