import { words } from "../../i18n";
import { plainCount } from "../../i18n/numbers";
import { operationsWords } from "../../i18n/operations";
import { language } from "../../state/preferences";
import { TableScroll } from "../table-scroll";
import { useKnown } from "./context";

/** Limits that all processes keep together, and what rests because one is used up. */
export function BudgetsCard() {
  const { operations, moment, nameOf } = useKnown();
  const t = operationsWords.value;
  const count = (value: number) => plainCount(value, language.value);
  return (
    <section class="card operations-card" aria-labelledby="budgets-title">
      <h2 id="budgets-title">{t.budgets.title}</h2>
      {operations.budgets.length === 0 ? (
        <p class="operations-none">{t.budgets.none}</p>
      ) : (
        <TableScroll label={t.budgets.title}>
          <table class="operations-table" data-testid="budgets-table">
            <thead>
              <tr>
                <th scope="col">{t.platforms.platform}</th>
                <th scope="col" class="words">
                  {t.budgets.scope}
                </th>
                <th scope="col">{t.budgets.used}</th>
                <th scope="col">{t.budgets.parked}</th>
              </tr>
            </thead>
            <tbody>
              {operations.budgets.map((budget) => (
                <tr key={`${budget.platform} ${budget.scope}`}>
                  <th scope="row">{nameOf(budget.platform)}</th>
                  <td class="words">{budget.scope || t.budgets.app}</td>
                  <td>{budget.allowed === null ? words.value.figure.noValue : t.budgets.of(count(budget.used), count(budget.allowed))}</td>
                  <td class={budget.parked_until ? "warn" : "none"}>{budget.parked_until ? moment(budget.parked_until) : words.value.figure.noValue}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
    </section>
  );
}
