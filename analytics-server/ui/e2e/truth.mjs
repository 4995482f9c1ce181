// What the simulator knows, summed exactly: decimal text as integers in millionths.

const SCALE = 1_000_000n;

/** Exact millionths of decimal text. */
export function millionths(text) {
  const [, sign, whole, rest = ""] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text);
  const value = BigInt(whole) * SCALE + BigInt(rest.padEnd(6, "0"));
  return sign ? -value : value;
}

const RATIOS = {
  ctr: ["clicks", "impressions"],
  cpc: ["spend", "clicks"],
  cpa: ["spend", "conversions"],
  roas: ["conversion_value", "spend"],
  engagement_rate: ["engagements", "views"],
};

/** The truth of a metric over a range, as the number that the screen must show. */
export async function truth(vendor, account, metric, { start, end }, { level = "account", entity, platform } = {}) {
  const sum = async (stored) => {
    const rows = await vendor.truth(account, { level, metric: stored, start, end }, platform);
    return rows
      .filter((row) => entity === undefined || row.entity === entity)
      .reduce((total, row) => total + millionths(row.value), 0n);
  };
  if (metric in RATIOS) {
    const [above, below] = await Promise.all(RATIOS[metric].map(sum));
    return below === 0n ? null : Number(above) / Number(below);
  }
  return Number(await sum(metric)) / 1e6;
}

/** The truth of a level, which is not summed: the last one told in the range, or null where none is. */
export async function levelOf(vendor, account, metric, { start, end }, { level = "account", entity, platform } = {}) {
  const rows = await vendor.truth(account, { level, metric, start, end }, platform);
  const own = rows.filter((row) => entity === undefined || row.entity === entity).sort((one, other) => one.date.localeCompare(other.date));
  const last = own.at(-1);
  return last ? Number(millionths(last.value)) / 1e6 : null;
}

/** Whether two numbers are the same but for the last digits of a double. */
export function same(found, expected) {
  if (found === null || expected === null) return found === expected;
  return Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
}
