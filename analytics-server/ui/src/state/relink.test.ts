import { expect, it } from "vitest";
import type { Account } from "../api/types";
import { platformsToRelink } from "./relink";

const account = (platform: string, state: Account["state"] = "active", provider = "meta") => ({ platform, provider, state }) as Account;

it("asks again for every platform that is linked at the provider, this account's first", () => {
  const page = account("facebook_page", "needs_relink");
  const linked = [account("facebook_ads"), page, account("instagram"), account("instagram"), account("x", "active", "x")];
  expect(platformsToRelink(page, linked)).toEqual(["facebook_page", "facebook_ads", "instagram"]);
});

it("does not bring back what was unlinked, but for the account itself", () => {
  const archived = account("instagram", "archived");
  expect(platformsToRelink(account("facebook_ads"), [archived])).toEqual(["facebook_ads"]);
  expect(platformsToRelink(archived, [archived])).toEqual(["instagram"]);
});
