import { signal } from "@preact/signals";
import type { Removal } from "../api/data-types";
import type { Account } from "../api/types";

/**
 * What was just deleted. It is kept outside of the account's page, which would otherwise vanish with the account before
 * its proof could be read.
 */
export const removal = signal<{ account: Account; proof: Removal } | null>(null);

/** What this page deletes itself: it shows the proof, and needs no word from the server that the account is gone. */
export const purging = new Set<string>();

/** What somebody else deleted meanwhile. */
export const removedElsewhere = signal<Pick<Account, "id" | "name"> | null>(null);
