import { expect, it } from "vitest";
import type { Report } from "../../api/report-types";
import { words } from "../../i18n";
import { warningTexts } from "./warnings";

const report = { warnings: [
  { code: "overlap", message: "overlap" },
  { code: "stale_accounts", message: "behind: other", accounts: ["acc_2"] },
  { code: "stale_accounts", message: "behind: this", accounts: ["acc_1"] },
  { code: "brand_new", message: "Something new.", accounts: [] },
] } as unknown as Report;

it("says what concerns everybody or this account, in words we have or the server's own", () => {
  const { overlap, stale_accounts } = words.value.warnings;
  expect(warningTexts(report, "acc_1")).toEqual([overlap, stale_accounts, "Something new."]);
  expect(warningTexts(report, "acc_3")).toEqual([overlap, "Something new."]);
  expect(warningTexts(undefined, "acc_1")).toEqual([]);
});
