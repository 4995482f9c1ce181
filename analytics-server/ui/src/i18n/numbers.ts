import type { Language, Metric } from "../api/types";

/** American English for numbers: "2.41M" reads better than the British "2.41m". */
const locales: Record<Language, string> = { en: "en-US", ja: "ja-JP" };

/** What formatting needs to know of a metric. */
export type MetricShape = Pick<Metric, "id" | "unit">;

/** Prices of one piece show one digit more than the currency has. */
const unitPrices = new Set(["cpc", "cpm", "cpa"]);
/** Ratios that are a multiple, not a share. */
const multiples = new Set(["frequency"]);
/** Counts from here on are shortened where space is short. */
const longCount = 1_000_000;

const formats = new Map<string, Intl.NumberFormat>();
function format(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  let known = formats.get(key);
  if (!known) {
    known = new Intl.NumberFormat(locales[language], options);
    formats.set(key, known);
  }
  return known;
}

/** A true minus sign, and the narrow yen sign that lines up with figures. */
function tidy(text: string): string {
  return text.replace(/-/g, "\u2212").replace(/\uffe5/g, "\u00a5");
}

function currencyDigits(language: Language, currency: string): number {
  const { maximumFractionDigits } = format(language, { style: "currency", currency }).resolvedOptions();
  return maximumFractionDigits ?? 2;
}

export function seconds(value: number, language: Language): string {
  const whole = Math.round(Math.abs(value));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const names = language === "ja" ? ["時間", "分", "秒"] : ["h", "m", "s"];
  const count = format(language, {});
  const parts: [number, string | undefined][] = h > 0 ? [[h, names[0]], [m, names[1]]] : m > 0 ? [[m, names[1]], [s, names[2]]] : [[s, names[2]]];
  const text = parts.map(([n, name]) => `${count.format(n)}${language === "ja" ? "" : "\u00a0"}${name}`).join(" ");
  return value < 0 && whole > 0 ? `\u2212${text}` : text;
}

type Length = "full" | "short" | "axis";

function ratio(value: number, id: string, length: Length, language: Language): string {
  if (id === "roas") {
    return language === "ja"
      ? format(language, { style: "percent", maximumFractionDigits: 0 }).format(value)
      : `${format(language, length === "axis" ? { maximumFractionDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value)}\u00d7`;
  }
  if (multiples.has(id)) return format(language, { minimumFractionDigits: length === "axis" ? 0 : 2, maximumFractionDigits: 2 }).format(value);
  return format(language, { style: "percent", minimumFractionDigits: length === "axis" ? 0 : 2, maximumFractionDigits: 2 }).format(value);
}

function money(value: number, id: string, currency: string, length: Length, language: Language): string {
  const options: Intl.NumberFormatOptions = { style: "currency", currency, currencyDisplay: "narrowSymbol" };
  if (length === "axis") {
    return format(language, { ...options, notation: "compact", minimumFractionDigits: 0, maximumFractionDigits: 2 }).format(value);
  }
  if (length === "short" && Math.abs(value) >= 100_000_000) {
    return format(language, { ...options, notation: "compact", minimumSignificantDigits: 4, maximumSignificantDigits: 4 }).format(value);
  }
  if (unitPrices.has(id)) {
    const digits = currencyDigits(language, currency) + 1;
    return format(language, { ...options, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  }
  return format(language, options).format(value);
}

function count(value: number, length: Length, language: Language): string {
  if (length === "axis") return format(language, { notation: "compact", maximumFractionDigits: 2 }).format(value);
  if (length === "short" && Math.abs(value) >= longCount) {
    const digits = language === "ja" ? 4 : 3;
    return format(language, { notation: "compact", minimumSignificantDigits: digits, maximumSignificantDigits: digits }).format(value);
  }
  return format(language, { maximumFractionDigits: 2 }).format(value);
}

/** A metric's value as people read it. `short` fits a tab, `axis` a chart's axis; `full` hides nothing. */
export function metricValue(
  value: number,
  metric: MetricShape,
  currency: string | null,
  language: Language,
  length: Length = "short",
): string {
  switch (metric.unit) {
    case "currency":
      return tidy(currency ? money(value, metric.id, currency, length, language) : count(value, length, language));
    case "ratio":
      return tidy(ratio(value, metric.id, length, language));
    case "seconds":
      return seconds(value, language);
    case "count":
      return tidy(count(value, length, language));
  }
}

/** A relative change: "+8.2%", "−7.5%", "0%". */
export function relativeChange(relative: number, language: Language): string {
  const size = Math.abs(relative);
  const digits = size >= 9.995 || size === 1 ? 0 : size < 0.0005 ? 2 : 1;
  return tidy(
    format(language, { style: "percent", maximumFractionDigits: digits, minimumFractionDigits: relative === 0 ? 0 : digits, signDisplay: "exceptZero" }).format(relative),
  );
}

/** The difference in a metric's own unit; shares in percentage points. */
export function absoluteChange(absolute: number, metric: MetricShape, currency: string | null, language: Language): string {
  const sign = absolute > 0 ? "+" : "";
  if (metric.unit === "ratio" && metric.id !== "roas" && !multiples.has(metric.id)) {
    const digits = Math.abs(absolute) < 0.0001 ? 3 : 2;
    const points = format(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(absolute * 100);
    return tidy(`${sign}${points}`) + (language === "ja" ? "ポイント" : "\u00a0pt");
  }
  return sign + metricValue(absolute, metric, currency, language, "full");
}

export function percent(share: number, language: Language): string {
  return format(language, { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/** The covered share, rounded down: 99.9 % covered must never read as 100 %. */
export function coveredShare(share: number, language: Language): string {
  return percent(Math.floor(share * 100) / 100, language);
}

export function plainCount(value: number, language: Language): string {
  return format(language, {}).format(value);
}
