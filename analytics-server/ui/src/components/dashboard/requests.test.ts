import { expect, it } from "vitest";
import type { Account, Metric, Platform } from "../../api/types";
import { initialState } from "../../state/dashboard-url";
import { shownMetrics } from "./requests";

const platform = { default_metrics: ["spend", "clicks"] } as Platform;
const catalogue = new Map(["spend", "billed_spend", "clicks", "reach"].map((id) => [id, { id } as Metric]));
const tabs = (metrics: string[], more: string[] = []) =>
  shownMetrics({ metrics, not_offered: [] } as unknown as Account, platform, catalogue, { ...initialState("last_30_days"), more }).map(({ id }) => id);

it("shows what is billed beside the spend, for accounts that have terms", () => {
  expect(tabs(["spend", "billed_spend", "clicks", "reach"])).toEqual(["spend", "billed_spend", "clicks"]);
  expect(tabs(["spend", "billed_spend", "clicks", "reach"], ["reach"])).toEqual(["spend", "billed_spend", "clicks", "reach"]);
  expect(tabs(["spend", "clicks", "reach"])).toEqual(["spend", "clicks"]);
});
