import { startConnect } from "../../api/actions";
import { usePlatforms } from "../../api/queries";
import { words } from "../../i18n";
import { useAction } from "../use-action";

interface Props {
  provider: string;
  /** What the button says; usually that it is tried again. */
  label?: string;
  quiet?: boolean;
}

/** To the provider's consent page once more, for everything of it that this server is set up for. */
export function StartAgain({ provider, label = words.value.connect.again, quiet }: Props) {
  const platforms = usePlatforms().data?.filter((platform) => platform.provider === provider && platform.configured) ?? [];
  const start = useAction(() => startConnect(provider, platforms.map(({ id }) => id)));
  if (platforms.length === 0) return null;
  return (
    <>
      <button type="button" class={quiet ? "button" : "button primary"} data-testid="connect-again" disabled={start.working} onClick={start.run}>
        {label}
      </button>
      {start.failure && (
        <p class="field-error" role="alert">
          {start.failure}
        </p>
      )}
    </>
  );
}
