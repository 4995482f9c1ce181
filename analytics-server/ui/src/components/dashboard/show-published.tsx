import { words } from "../../i18n";
import type { ChartBy } from "../../state/dashboard-url";
import { Segments } from "../segments";
import { useDashboard } from "./context";

const ways: ChartBy[] = ["day", "published"];

/** What the bars are of: what the days brought, or what the posts published on them have collected. */
export function ChartBySwitch() {
  const { state, change } = useDashboard();
  const t = words.value.published;
  return <Segments label={t.label} options={ways} names={t.by} chosen={state.by} testid="by" choose={(by) => change({ by })} />;
}

/** The way on where the days of a period are not known, but what was published in it is. */
export function ShowPublished() {
  const { change } = useDashboard();
  const show = () => {
    change({ by: "published" });
    // This button goes: who came by keyboard is taken to the one that leads back.
    document.querySelector<HTMLElement>("[data-testid=by-published]")?.focus();
  };
  return (
    <button type="button" class="button" data-testid="show-published" onClick={show}>
      {words.value.published.show}
    </button>
  );
}
