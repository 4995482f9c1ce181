import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { DashboardState } from "../../state/dashboard-url";
import type { AccountContext } from "../account-context";

/** What every part of one account's dashboard knows. */
export interface DashboardContext extends AccountContext {
  state: DashboardState;
  /** The address with some of the state changed. */
  href: (change: Partial<DashboardState>) => string;
  /** Goes there. `replace` leaves no step for Back. */
  change: (change: Partial<DashboardState>, options?: { replace?: boolean }) => void;
}

export const Dashboards = createContext<DashboardContext | null>(null);

export function useDashboard(): DashboardContext {
  const context = useContext(Dashboards);
  if (!context) throw new Error("A part of the dashboard was drawn outside of it.");
  return context;
}
