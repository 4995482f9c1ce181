import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Session } from "../../api/types";
import type { PeriodState } from "../../state/period-url";

/** What the controls of period and comparison know, on whichever page they stand. */
export interface PeriodContext {
  session: Session;
  state: PeriodState;
  /** Goes to the address with some of it changed. */
  change: (change: Partial<PeriodState>) => void;
}

export const Periods = createContext<PeriodContext | null>(null);

export function usePeriod(): PeriodContext {
  const context = useContext(Periods);
  if (!context) throw new Error("A control of the period was drawn outside of its page.");
  return context;
}
