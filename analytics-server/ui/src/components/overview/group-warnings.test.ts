import { expect, it } from "vitest";
import type { Report } from "../../api/report-types";
import type { Account } from "../../api/types";
import { words } from "../../i18n";
import { groupWarnings } from "./group-warnings";

const account = (id: string, name: string) => ({ id, name }) as Account;
const report = (...warnings: Report["warnings"]) => ({ warnings }) as Report;
const behind = (...accounts: string[]) => ({ code: "stale_accounts", message: "behind", accounts });

it("stands with the group whose accounts it concerns, and names them", () => {
  const { stale_accounts, overlap } = words.value.warnings;
  const reports = [report(behind("acc_1", "acc_3"), { code: "overlap", message: "overlap", accounts: [] }), report(behind("acc_1", "acc_3")), undefined];
  expect(groupWarnings(reports, [account("acc_1", "One"), account("acc_2", "Two")])).toEqual([`One: ${stale_accounts}`, overlap]);
  expect(groupWarnings(reports, [account("acc_2", "Two")])).toEqual([overlap]);
});

it("leaves to the cells what they say themselves", () => {
  expect(groupWarnings([report({ code: "not_offered", message: "x", accounts: ["acc_1"] })], [account("acc_1", "One")])).toEqual([]);
});
