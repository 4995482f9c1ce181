interface Props<Option extends string> {
  /** What is chosen here. */
  label: string;
  options: readonly Option[];
  names: Record<Option, string>;
  chosen: Option;
  /** The beginning of every option's test id. */
  testid: string;
  choose: (option: Option) => void;
  /** Why an option cannot be chosen. */
  refused?: (option: Option) => string | undefined;
}

/** A few choices side by side, of which one holds. */
export function Segments<Option extends string>({ label, options, names, chosen, testid, choose, refused }: Props<Option>) {
  return (
    <div class="segments" role="group" aria-label={label}>
      {options.map((option) => {
        const why = refused?.(option);
        return (
          <button
            type="button"
            key={option}
            aria-pressed={option === chosen}
            disabled={why !== undefined}
            title={why}
            data-testid={`${testid}-${option}`}
            onClick={() => choose(option)}
          >
            {names[option]}
          </button>
        );
      })}
    </div>
  );
}
