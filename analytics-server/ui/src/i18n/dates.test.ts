import { describe, expect, it } from "vitest";
import { addDays, axisLabel, bucketLabel, dayLabel, dayOfMoment, daysBetween, fullDay, isPlainDate, momentLabel, monthName, rangeLabel, shortDay, weekdayName, weekdayNumber } from "./dates";

const bucket = (start: string, end: string, whole = true) => ({ start, end, whole });

it("names days of the week and months by their numbers", () => {
  expect([0, 1, 6].map((day) => weekdayName(day, "en"))).toEqual(["Sunday", "Monday", "Saturday"]);
  expect([1, 4, 12].map((month) => monthName(month, "en"))).toEqual(["January", "April", "December"]);
  expect([weekdayName(0, "ja"), monthName(4, "ja")]).toEqual(["日曜日", "4月"]);
});

describe("plain dates", () => {
  it("are real days only", () => {
    expect(isPlainDate("2024-02-29")).toBe(true);
    expect(isPlainDate("2026-02-29")).toBe(false);
    expect(isPlainDate("2026-2-1")).toBe(false);
    expect(isPlainDate("last_30_days")).toBe(false);
  });
  it.each(["America/Los_Angeles", "Pacific/Kiritimati", "Asia/Tokyo"])("keep their day in a browser in %s", (zone) => {
    const before = process.env.TZ;
    process.env.TZ = zone;
    try {
      expect(dayLabel("2026-11-01", "en")).toBe("1 Nov");
      expect(dayLabel("2026-11-01", "ja")).toBe("11/1");
    } finally {
      process.env.TZ = before;
    }
  });
  it("are counted across a change to summer time", () => {
    expect(daysBetween("2026-03-01", "2026-04-01")).toBe(31);
  });
});

describe("ranges", () => {
  it("name the year once", () => {
    expect(rangeLabel(bucket("2026-10-24", "2026-11-22"), "en")).toBe("24 Oct – 22 Nov 2026");
    expect(rangeLabel(bucket("2026-10-24", "2026-11-22"), "ja")).toBe("2026年10月24日～11月22日");
  });
  it("name both years where they differ", () => {
    expect(rangeLabel(bucket("2025-12-01", "2026-01-31"), "en")).toBe("1 Dec 2025 – 31 Jan 2026");
    expect(rangeLabel(bucket("2025-12-01", "2026-01-31"), "ja")).toBe("2025年12月1日～2026年1月31日");
  });
  it("name the month once in Japanese", () => {
    expect(rangeLabel(bucket("2026-11-01", "2026-11-22"), "ja")).toBe("2026年11月1日～22日");
    expect(rangeLabel(bucket("2026-10-24", "2026-11-22"), "ja", false)).toBe("10月24日～11月22日");
  });
  it("of one day are that day", () => {
    expect(rangeLabel(bucket("2026-11-22", "2026-11-22"), "en")).toBe("22 Nov 2026");
    expect(rangeLabel(bucket("2026-11-22", "2026-11-22"), "ja")).toBe("2026年11月22日");
  });
  it("write September as short as the other months", () => {
    expect(rangeLabel(bucket("2026-09-01", "2026-09-30"), "en")).toBe("1 – 30 Sep 2026");
  });
});

describe("buckets", () => {
  it("of a day carry the weekday", () => {
    expect(bucketLabel(bucket("2026-11-22", "2026-11-22"), "day", "en")).toBe("Sun, 22 Nov 2026");
    expect(bucketLabel(bucket("2026-11-22", "2026-11-22"), "day", "ja")).toContain("日");
  });
  it("are named by their unit when whole, by their days when cut", () => {
    expect(bucketLabel(bucket("2026-10-01", "2026-10-31"), "month", "en")).toBe("Oct 2026");
    expect(bucketLabel(bucket("2026-11-01", "2026-11-22", false), "month", "en")).toBe("1 – 22 Nov 2026");
    expect(bucketLabel(bucket("2026-01-01", "2026-12-31"), "year", "en")).toBe("2026");
    expect(bucketLabel(bucket("2026-04-01", "2027-03-31"), "year", "en")).toBe("Apr 2026 – Mar 2027");
    expect(bucketLabel(bucket("2026-10-01", "2026-12-31"), "quarter", "en")).toBe("Oct – Dec 2026");
  });
  it("show the year on the axis where it begins", () => {
    const december = bucket("2025-12-01", "2025-12-31");
    const january = bucket("2026-01-01", "2026-01-31");
    expect(axisLabel(january, "month", "en", december)).toBe("Jan 2026");
    expect(axisLabel(bucket("2026-02-01", "2026-02-28"), "month", "en", january)).toBe("Feb");
  });
});

it("leaves out the year of today", () => {
  expect(shortDay("2026-11-22", "2026-11-23", "en")).toBe("22 Nov");
  expect(shortDay("2025-12-31", "2026-01-01", "en")).toBe("31 Dec 2025");
  expect(shortDay("2026-11-22", "2026-11-23", "ja")).toBe("11月22日");
  expect(fullDay("2026-11-26", "ja")).toBe("2026年11月26日");
});

describe("moments", () => {
  it("are told in the workspace's time zone, with the year only where it is another one", () => {
    expect(momentLabel("2026-10-21T20:30:00Z", "Asia/Tokyo", "en", "2026-11-23")).toBe("22 Oct, 05:30");
    expect(momentLabel("2025-10-21T20:30:00Z", "Asia/Tokyo", "en", "2026-11-23")).toBe("22 Oct 2025, 05:30");
  });
  it("lie on a day of the account", () => {
    expect(dayOfMoment("2026-11-25T20:30:00Z", "Asia/Tokyo")).toBe("2026-11-26");
    expect(dayOfMoment("2026-11-26T02:30:00Z", "America/Los_Angeles")).toBe("2026-11-25");
  });
  it("belong to the year of their zone", () => {
    expect(momentLabel("2026-08-12T05:05:00Z", "Asia/Tokyo", "en", "")).toBe("12 Aug 2026, 14:05");
    expect(momentLabel("2026-08-12T05:05:00Z", "Asia/Tokyo", "ja", "")).toBe("2026年8月12日 14:05");
    expect(momentLabel("2025-12-31T20:30:00Z", "Asia/Tokyo", "en", "2026-11-23")).toBe("1 Jan, 05:30");
  });
});

it("counts days on and knows their weekday", () => {
  expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
  expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
  expect(weekdayNumber("2026-11-22")).toBe(0);
});
