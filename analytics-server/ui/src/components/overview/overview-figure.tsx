import type { Figure } from "../../api/report-types";
import type { Account, Metric } from "../../api/types";
import { localized, words } from "../../i18n";
import { FigureText } from "../dashboard/figure-cell";
import { known as isKnown } from "../dashboard/figure-text";
import { withheldText, withheldWord } from "../dashboard/withheld-text";
import { explained } from "../explanations";
import { Icon } from "../icon";
import { lackingFigure } from "./permissions";
import type { Known } from "./use-family";

interface Props {
  metric: Metric;
  figure: Figure | undefined;
  currency: string | null;
  known: Known;
  /** Whose figure it is; none of a total. */
  account?: Account;
}

/** A figure among those of all accounts, with its change; in place of what is not there it says why. */
export function OverviewFigure({ metric, figure, currency, known: { catalogue, platforms }, account }: Props) {
  const platform = platforms.find(({ id }) => id === account?.platform);
  const withheld = account && lackingFigure(account, metric);
  if (withheld && !isKnown(figure?.current)) {
    return (
      <>
        <span class="cell-value">
          <span class="figure none" {...explained(`${localized(metric.label)}\n${withheldText(withheld, platform)}`)}>
            {words.value.figure.noValue}
          </span>
        </span>
        <span class="cell-change">
          <span class="tab-note">{withheldWord(withheld)}</span>
        </span>
      </>
    );
  }
  if (figure?.current.pending && figure.current.value === null) return <OnItsWay metric={metric} figure={figure} currency={currency} catalogue={catalogue} />;
  return <FigureText metric={metric} figure={figure} currency={currency} catalogue={catalogue} />;
}

/** Says in place of the change, which needs it, that the exact figure is being fetched. */
function OnItsWay({ figure, ...props }: { metric: Metric; figure: Figure; currency: string | null; catalogue: Known["catalogue"] }) {
  return (
    <>
      <FigureText {...props} figure={{ ...figure, change: null }} />
      <span class="cell-change">
        <span class="tab-note" data-testid="pending">
          <Icon name="clock" size={12} />
          {words.value.figure.onItsWay}
        </span>
      </span>
    </>
  );
}
