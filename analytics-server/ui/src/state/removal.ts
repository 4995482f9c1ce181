import { signal } from "@preact/signals";
import type { Removal } from "../api/data-types";
import type { Account } from "../api/types";

/**
 * What was just deleted. It is kept outside of the account's page, which would otherwise vanish with the account before
 * its proof could be read.
 */
export const removal = signal<{ account: Account; proof: Removal } | null>(null);
