import { signal } from "@preact/signals";
import { Link } from "wouter-preact";
import { useEntities } from "../../api/queries";
import { words } from "../../i18n";
import type { Drill } from "../../state/dashboard-url";
import { Icon } from "../icon";
import { useDashboard } from "./context";
import { levelName } from "./level-name";

/** Names of the entities that tables have shown, so that the way back can be named without asking. */
const seenNames = signal<ReadonlyMap<string, string>>(new Map());

export function rememberNames(names: [id: string, name: string][]): void {
  const known = seenNames.peek();
  if (names.every(([id, name]) => known.get(id) === name)) return;
  seenNames.value = new Map([...known, ...names]);
}

/** The name of an opened entity; null while it is not known. */
export function useOpenedName(opened: Drill | undefined): string | null {
  const { account, state } = useDashboard();
  const seen = opened && seenNames.value.get(opened.id);
  const above = state.drill[state.drill.findIndex((step) => step.id === opened?.id) - 1];
  const entities = useEntities(account.id, opened?.level ?? "campaign", above?.id ?? null, opened !== undefined && seen === undefined);
  if (!opened) return null;
  return seen ?? entities.data?.find(({ id }) => id === opened.id)?.name ?? null;
}

/** The way from all campaigns down to what is shown. */
export function Breadcrumb() {
  const { state, href } = useDashboard();
  const t = words.value.table;
  if (state.drill.length === 0) return null;
  return (
    <nav class="breadcrumb" aria-label={t.path}>
      <ol>
        <li>
          <Link href={href({ drill: [] })}>{t.allCampaigns}</Link>
        </li>
        {state.drill.map((step, index) => (
          <Step key={step.id} step={step} last={index === state.drill.length - 1} to={href({ drill: state.drill.slice(0, index + 1) })} />
        ))}
      </ol>
    </nav>
  );
}

function Step({ step, last, to }: { step: Drill; last: boolean; to: string }) {
  const { account } = useDashboard();
  const name = useOpenedName(step) ?? levelName(account.platform, step.level).one;
  return (
    <li>
      <Icon name="right" size={12} />
      {last ? <span aria-current="location">{name}</span> : <Link href={to}>{name}</Link>}
    </li>
  );
}
