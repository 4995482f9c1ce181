import { words } from "../../i18n";
import { fullDay, isPlainDate } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { useAccount } from "../account-context";
import { Field, SelectField } from "../field";
import { Icon } from "../icon";
import { rateProblems, termOf, type TermRow } from "./rows";
import { exampleText } from "./term-words";

interface Props {
  row: TermRow;
  /** Under `<key>.<entry>`. */
  errors: Record<string, string>;
  change: (change: Partial<TermRow>) => void;
  remove: () => void;
}

/** One term: from which day, which fee, which tax, and what a round sum is billed as. */
export function TermFields({ row, errors, change, remove }: Props) {
  const { account } = useAccount();
  const t = words.value.terms;
  const id = (entry: string) => `${row.key}.${entry}`;
  const entry = (name: "from" | "rate" | "tax") => ({
    id: id(name),
    value: row[name],
    error: errors[id(name)],
    "data-testid": `term-${name}`,
    onInput: (event: Event) => change({ [name]: (event.currentTarget as HTMLInputElement).value }),
  });
  const kinds = ["on_top", "within", "none"] as const;
  const complete = Object.keys(rateProblems(row)).length === 0;
  return (
    <fieldset class="term" data-testid="term">
      <legend class="sr-only">{isPlainDate(row.from) ? t.since(fullDay(row.from, language.value)) : t.title}</legend>
      <Field type="date" max="9999-12-31" label={t.from} {...entry("from")} />
      <button type="button" class="icon-button" aria-label={t.remove} data-testid="term-remove" onClick={remove}>
        <Icon name="close" />
      </button>
      <SelectField
        id={id("kind")}
        label={t.fee}
        value={row.kind}
        aria-describedby={id("about")}
        options={kinds.map((kind) => [kind, t.kinds[kind]])}
        data-testid="term-kind"
        onChange={(event) => change({ kind: event.currentTarget.value as TermRow["kind"] })}
      />
      {row.kind !== "none" && <Field inputMode="decimal" autoComplete="off" label={t.rate} {...entry("rate")} />}
      <p class="field-hint" id={id("about")}>
        {t.kindsAbout[row.kind]}
      </p>
      <label class="check">
        <input type="checkbox" checked={row.taxed} data-testid="term-taxed" onChange={(event) => change({ taxed: event.currentTarget.checked })} />
        {t.taxed}
      </label>
      {row.taxed && <Field inputMode="decimal" autoComplete="off" label={t.taxRate} {...entry("tax")} />}
      {complete && (
        <p class="field-hint" role="status">
          {exampleText(termOf(row), account)}
        </p>
      )}
    </fieldset>
  );
}
