import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Operations } from "../../api/operations";
import { usePlatforms } from "../../api/queries";
import type { Session } from "../../api/types";
import { localized } from "../../i18n";
import { momentLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";

interface Known {
  operations: Operations;
  session: Session;
}

export const OperationsContext = createContext<Known | null>(null);

/** What the page knows, with the names of platforms and moments as its reader reads them. */
export function useKnown() {
  const known = useContext(OperationsContext);
  const platforms = usePlatforms().data;
  if (!known) throw new Error("outside of the operators' page");
  const { session } = known;
  return {
    ...known,
    nameOf: (id: string) => {
      const platform = platforms?.find((one) => one.id === id);
      return platform ? localized(platform.name) : id;
    },
    moment: (time: string) => momentLabel(time, session.workspace.time_zone, language.value, session.today),
  };
}
