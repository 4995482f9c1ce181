import { describe, expect, it } from "vitest";
import type { Account, Platform } from "../../api/types";
import { choiceKey, choiceLeft, choicesByPlatform, isOpen, matching, missingScopesOf, reopenUnlinked, toggleAll, type GrantAccount } from "./choices";

const account = (platform: string, external_id: string, change: Partial<GrantAccount> = {}) =>
  ({ platform, external_id, linked: null, linkable: true, ...change }) as GrantAccount;
const platform = (id: string, provider = "meta", configured = true) => ({ id, provider, configured }) as Platform;
const platforms = [platform("facebook_ads"), platform("facebook_page"), platform("instagram"), platform("x", "x"), platform("threads", "meta", false)];

describe("what a consent reached", () => {
  it("stands by platform, also where a platform has nothing", () => {
    const found = [account("facebook_page", "p1"), account("facebook_ads", "a1"), account("facebook_page", "p2")];
    const groups = choicesByPlatform(found, platforms, "meta", []);
    expect(groups.map(({ id, accounts }) => [id, accounts.map(({ external_id }) => external_id)])).toEqual([
      ["facebook_ads", ["a1"]],
      ["facebook_page", ["p1", "p2"]],
      ["instagram", []],
    ]);
  });
  it("has what cannot be read below the rest", () => {
    const found = [account("facebook_page", "p1", { linkable: false }), account("facebook_page", "p2"), account("facebook_page", "p3", { linked: "acc_3", linkable: false })];
    const page = choicesByPlatform(found, platforms, "meta", []).find(({ id }) => id === "facebook_page");
    expect(page?.accounts.map(({ external_id }) => external_id)).toEqual(["p2", "p3", "p1"]);
  });
  it("can be linked again where it was unlinked", () => {
    const found = [account("instagram", "i1", { linked: "acc_1" }), account("instagram", "i2", { linked: "acc_2" })];
    const linked = [{ id: "acc_1", state: "archived" }, { id: "acc_2", state: "active" }] as Account[];
    expect(reopenUnlinked(found, linked).map(isOpen)).toEqual([true, false]);
  });
  it("is chosen a platform at a time, without what is linked or cannot be read", () => {
    const pages = [account("facebook_page", "p1"), account("facebook_page", "p2", { linked: "acc_2" }), account("facebook_page", "p3", { linkable: false })];
    const ads = account("facebook_ads", "a1");
    const all = toggleAll(new Set([choiceKey(ads)]), pages);
    expect([...all]).toEqual(["facebook_ads:a1", "facebook_page:p1"]);
    expect([...toggleAll(all, pages)]).toEqual(["facebook_ads:a1"]);
  });
  it("is searched by name or id, whatever the width of the letters", () => {
    const found = [account("yahoo_search_ads", "1010070823", { name: "みどり珈琲 検索広告" }), account("yahoo_search_ads", "1010117138", { name: "Ｎｏｒｔｈｗｉｎｄ" })];
    const ids = (text: string) => matching(found, text).map(({ external_id }) => external_id);
    expect(ids("")).toHaveLength(2);
    expect(ids(" northWIND ")).toEqual(["1010117138"]);
    expect(ids("珈琲")).toEqual(["1010070823"]);
    expect(ids("0071")).toEqual([]);
    expect(ids("1171")).toEqual(["1010117138"]);
  });
  it("says of each platform what keeps it away, what it cannot do without first", () => {
    const scope = (id: string, required: boolean) => ({ id, required, metrics: [], why: { en: "", ja: "" } });
    const page = { ...platform("facebook_page"), scopes: [scope("read_insights", false), scope("pages_show_list", true)] } as Platform;
    const reached = [{ platform: "facebook_page", missing_scopes: ["read_insights", "pages_show_list"], error: null }];
    const [group] = choicesByPlatform([], [page], "meta", reached);
    expect(group && missingScopesOf(group).map(({ id }) => id)).toEqual(["pages_show_list", "read_insights"]);
    const [silent] = choicesByPlatform([], [page], "meta", []);
    expect(silent && missingScopesOf(silent)).toEqual([]);
  });
  it("leaves something to choose, or nothing because all is linked, or nothing that can be read", () => {
    const [open, there, shut] = [account("x", "1"), account("x", "2", { linked: "acc_2" }), account("x", "3", { linkable: false })];
    expect([[open, there], [there, shut], [shut], []].map(choiceLeft)).toEqual(["some", "linked", "none", "none"]);
  });
});
