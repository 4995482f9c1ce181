import { words } from "../../i18n";
import { grains, grainSuits } from "../../state/periods";
import { useDashboard } from "./context";
import { chosenGrain } from "./requests";

/** How wide a bar is. Only what gives a readable picture of the period can be chosen. */
export function GrainControl() {
  const { state, change } = useDashboard();
  const t = words.value.controls;
  const chosen = chosenGrain(state);
  return (
    <div class="segments" role="group" aria-label={t.grain}>
      {grains.map((grain) => {
        const suits = grainSuits(grain, state.range);
        return (
          <button
            type="button"
            key={grain}
            aria-pressed={grain === chosen}
            disabled={!suits}
            title={suits ? undefined : t.grainTooShort}
            data-testid={`grain-${grain}`}
            onClick={() => change({ grain })}
          >
            {t.grains[grain]}
          </button>
        );
      })}
    </div>
  );
}
