import { describe, expect, it } from "vitest";
import type { Metric } from "../api/types";
import { absoluteChange, coveredShare, metricValue, relativeChange } from "./numbers";

const shape = (id: string, unit: Metric["unit"]) => ({ id, unit });
const spend = shape("spend", "currency");
const ctr = shape("ctr", "ratio");
const roas = shape("roas", "ratio");

describe("money", () => {
  it("has no decimals in yen and two in dollars", () => {
    expect(metricValue(1284310, spend, "JPY", "en")).toBe("¥1,284,310");
    expect(metricValue(1284310.4, spend, "USD", "en")).toBe("$1,284,310.40");
  });
  it("uses the same narrow yen sign in Japanese", () => {
    expect(metricValue(1284310, spend, "JPY", "ja")).toBe("¥1,284,310");
  });
  it("shows unit prices with one digit more than the currency has", () => {
    expect(metricValue(33.04, shape("cpc", "currency"), "JPY", "en")).toBe("¥33.0");
    expect(metricValue(0.4567, shape("cpm", "currency"), "EUR", "en")).toBe("€0.457");
    expect(metricValue(1066.66, shape("cpa", "currency"), "JPY", "ja")).toBe("¥1,066.7");
  });
  it("is short on an axis", () => {
    expect(metricValue(40000, spend, "JPY", "en", "axis")).toBe("¥40K");
    expect(metricValue(40000, spend, "JPY", "ja", "axis")).toBe("¥4万");
  });
  it("carries a true minus sign", () => {
    expect(metricValue(-1200, spend, "JPY", "en")).toBe("\u2212¥1,200");
  });
});

describe("counts", () => {
  const impressions = shape("impressions", "count");
  it("are shortened in tabs and whole in full", () => {
    expect(metricValue(2412345, impressions, null, "en")).toBe("2.41M");
    expect(metricValue(2412345, impressions, null, "en", "full")).toBe("2,412,345");
    expect(metricValue(2412345, impressions, null, "ja")).toBe("241.2万");
  });
  it("keep fractions of conversions", () => {
    expect(metricValue(12.5, shape("conversions", "count"), null, "en")).toBe("12.5");
  });
  it("show zero as zero", () => {
    expect(metricValue(0, impressions, null, "en")).toBe("0");
  });
});

describe("ratios", () => {
  it("are percentages", () => {
    expect(metricValue(0.0161, ctr, null, "en")).toBe("1.61%");
  });
  it("of return on spend are a multiple in English and a percentage in Japanese", () => {
    expect(metricValue(4.123, roas, null, "en")).toBe("4.12×");
    expect(metricValue(4.123, roas, null, "ja")).toBe("412%");
  });
  it("of frequency are plain numbers", () => {
    expect(metricValue(1.5, shape("frequency", "ratio"), null, "en")).toBe("1.50");
  });
});

describe("time", () => {
  const watched = shape("video_watch_time", "seconds");
  it("is hours and minutes", () => {
    expect(metricValue(3720, watched, null, "en")).toBe("1\u00a0h 2\u00a0m");
    expect(metricValue(3720, watched, null, "ja")).toBe("1時間 2分");
    expect(metricValue(42, watched, null, "en")).toBe("42\u00a0s");
  });
});

describe("changes", () => {
  it("always say their direction", () => {
    expect(relativeChange(0.082, "en")).toBe("+8.2%");
    expect(relativeChange(-0.075, "en")).toBe("\u22127.5%");
    expect(relativeChange(0, "en")).toBe("0%");
  });
  it("do not show a small change as none", () => {
    expect(relativeChange(-0.0003, "en")).toBe("\u22120.03%");
  });
  it("drop decimals where they no longer matter", () => {
    expect(relativeChange(12.345, "en")).toBe("+1,235%");
  });
  it("of shares are given in points", () => {
    expect(absoluteChange(-0.0013, ctr, null, "en")).toBe("\u22120.13\u00a0pt");
    expect(absoluteChange(0.0013, ctr, null, "ja")).toBe("+0.13ポイント");
  });
  it("of money are given in money", () => {
    expect(absoluteChange(-1200, spend, "JPY", "en")).toBe("\u2212¥1,200");
  });
});

it("never rounds a covered share up to all of it", () => {
  expect(coveredShare(0.999, "en")).toBe("99%");
  expect(coveredShare(1, "en")).toBe("100%");
});

describe("at the edges", () => {
  it("says a full loss without decimals", () => {
    expect(relativeChange(-1, "en")).toBe("\u2212100%");
    expect(relativeChange(-0.9995, "en")).not.toBe("\u2212100%");
  });
  it("keeps an enormous price inside its tab", () => {
    expect(metricValue(2_276_396_991.2, shape("cpa", "currency"), "JPY", "en")).toBe("¥2.276B");
    expect(metricValue(2_276_396_991.2, shape("cpa", "currency"), "JPY", "en", "full")).toBe("¥2,276,396,991.2");
  });
});
