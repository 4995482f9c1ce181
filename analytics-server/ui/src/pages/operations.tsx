import "../styles/operations.css";
import { useOperations } from "../api/operations";
import type { Session } from "../api/types";
import { Failure } from "../components/message";
import { Icon } from "../components/icon";
import { BudgetsCard } from "../components/operations/budgets-card";
import { OperationsContext } from "../components/operations/context";
import { FailuresCard } from "../components/operations/failures-card";
import { Pauses } from "../components/operations/pauses";
import { PlatformsCard } from "../components/operations/platforms-card";
import { isWell } from "../components/operations/states";
import { WorkersCard } from "../components/operations/workers-card";
import { momentLabel } from "../i18n/dates";
import { operationsWords } from "../i18n/operations";
import { language } from "../state/preferences";
import { useTitle } from "../state/title";

/** How the whole server fares, for those who run it: what waits, what fails, what rests, who works. */
export default function OperationsPage({ session }: { session: Session }) {
  const t = operationsWords.value;
  useTitle(t.title);
  const asked = useOperations();
  const operations = asked.data;
  // The last answer stays while the server is away: it is then that an operator looks.
  if (asked.isError && !operations) return <Failure page error={asked.error} retry={() => void asked.refetch()} />;
  if (!operations) return <div class="operations" aria-busy="true" />;
  const at = momentLabel(operations.at, session.workspace.time_zone, language.value, session.today);
  return (
    <OperationsContext.Provider value={{ operations, session }}>
      <div class="operations" data-testid="operations">
        <header class="overview-header">
          <h1>{t.title}</h1>
          <p class="operations-as-of">{t.asOf(at, operations.version)}</p>
        </header>
        <p class="lead">{t.lead}</p>
        {asked.isError && <Failure error={asked.error} retry={() => void asked.refetch()} />}
        {isWell(operations) && (
          <p class="operations-well" data-testid="all-well">
            <Icon name="check" />
            {t.allWell}
          </p>
        )}
        <Pauses />
        <PlatformsCard />
        <FailuresCard />
        <WorkersCard />
        <BudgetsCard />
      </div>
    </OperationsContext.Provider>
  );
}
