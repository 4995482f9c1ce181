import { liftPause, type PlatformState } from "../../api/operations";
import { words } from "../../i18n";
import { operationsWords } from "../../i18n/operations";
import { Banner } from "../banners/banner";
import { useAction } from "../use-action";
import { useKnown } from "./context";

/** Platforms that refuse this server, with what they said and the way on. */
export function Pauses() {
  const { operations } = useKnown();
  return operations.platforms.filter(({ pause }) => pause).map((platform) => <Pause key={platform.platform} {...platform} />);
}

function Pause({ platform, pause }: PlatformState) {
  const { nameOf, moment } = useKnown();
  const t = operationsWords.value.pause;
  const lift = useAction(() => liftPause(platform));
  if (!pause) return null;
  const { message, operation, at } = pause.error;
  return (
    <Banner
      tone="warn"
      title={t.title(nameOf(platform))}
      failure={lift.failure}
      testid={`pause-${platform}`}
      action={
        <button type="button" class="button" disabled={lift.working} onClick={lift.run} data-testid={`lift-${platform}`}>
          {t.lift}
        </button>
      }
    >
      {t.until(moment(pause.until))}
      <span class="vendor-words" lang="en">
        {message}
      </span>
      <span class="vendor-source">
        {operation} · {moment(at)}
        {words.value.space}
      </span>
      <p>{t.hint}</p>
    </Banner>
  );
}
