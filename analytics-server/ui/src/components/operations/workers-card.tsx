import { words } from "../../i18n";
import { operationsWords } from "../../i18n/operations";
import { TableScroll } from "../table-scroll";
import { useKnown } from "./context";

/** The processes of the service that live. */
export function WorkersCard() {
  const { operations, moment } = useKnown();
  const t = operationsWords.value.workers;
  const { workers, version } = operations;
  return (
    <section class="card operations-card" aria-labelledby="workers-title">
      <h2 id="workers-title">{t.title}</h2>
      {workers.length === 0 ? (
        <p class="operations-none" data-testid="no-workers">
          {t.none} {t.noneText}
        </p>
      ) : (
        <TableScroll label={t.title}>
          <table class="operations-table" data-testid="workers-table">
            <thead>
              <tr>
                <th scope="col">{t.host}</th>
                {[t.role, t.version].map((name) => (
                  <th scope="col" class="words" key={name}>
                    {name}
                  </th>
                ))}
                {[t.busy, t.since, t.seen].map((name) => (
                  <th scope="col" key={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {workers.map((worker) => (
                <tr key={worker.id} data-testid={`worker-${worker.id}`}>
                  <th scope="row">{worker.host}</th>
                  <td class="words">{t.roles[worker.role] ?? worker.role}</td>
                  <td class={worker.version === version ? "words" : "words warn"} title={worker.version === version ? undefined : t.other}>
                    {worker.version}
                  </td>
                  <td>{worker.capacity > 0 ? t.busyOf(worker.running, worker.capacity) : words.value.figure.noValue}</td>
                  <td>{moment(worker.started_at)}</td>
                  <td>{moment(worker.seen_at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
    </section>
  );
}
