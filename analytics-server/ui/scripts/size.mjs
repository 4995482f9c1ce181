// Prints the gzipped size of the built JavaScript and CSS and fails above the budget. Fonts are not counted.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const budget = 150_000;
const folder = new URL("../dist", import.meta.url).pathname;
let total = 0;
for (const name of readdirSync(folder, { recursive: true })) {
  if (!/\.(js|css)$/.test(name)) continue;
  const bytes = gzipSync(readFileSync(join(folder, name)), { level: 9 }).length;
  total += bytes;
  console.log(`${String(bytes).padStart(8)}  ${name}`);
}
console.log(`${String(total).padStart(8)}  total of ${budget}`);
if (total > budget) process.exit(1);
