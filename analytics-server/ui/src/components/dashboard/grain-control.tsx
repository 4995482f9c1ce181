import { words } from "../../i18n";
import { grains, grainSuits } from "../../state/periods";
import { Segments } from "../segments";
import { useDashboard } from "./context";
import { chosenGrain } from "./requests";

/** How wide a bar is. Only what gives a readable picture of the period can be chosen. */
export function GrainControl() {
  const { state, change } = useDashboard();
  const t = words.value.controls;
  return (
    <Segments
      label={t.grain}
      options={grains}
      names={t.grains}
      chosen={chosenGrain(state)}
      testid="grain"
      choose={(grain) => change({ grain })}
      refused={(grain) => (grainSuits(grain, state.range) ? undefined : t.grainTooShort)}
    />
  );
}
