import { words } from "../../i18n";
import { Triangle } from "../icon";

interface Props {
  id: string;
  name: string;
  /** What the table is sorted by, descending when it starts with `-`. */
  sort: string;
  choose: (sort: string) => void;
}

/** A column's name that sorts by it: first the largest, then the smallest. */
export function SortHeader({ id, name, sort, choose }: Props) {
  const descending = sort === `-${id}`;
  const ascending = sort === id;
  return (
    <th scope="col" aria-sort={descending ? "descending" : ascending ? "ascending" : undefined}>
      <button
        type="button"
        class="sort-button"
        data-testid={`sort-${id}`}
        aria-label={words.value.table.sortBy(name, !descending)}
        onClick={() => choose(descending ? id : `-${id}`)}
      >
        {name}
        <span class={descending || ascending ? "sort-sign" : "sort-sign idle"}>
          <Triangle up={ascending} />
        </span>
      </button>
    </th>
  );
}
