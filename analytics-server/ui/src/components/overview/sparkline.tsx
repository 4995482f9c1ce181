import type { Value } from "../../api/report-types";
import { sparkPath } from "./spark-path";

const [width, height, edge] = [84, 26, 2];

/** The shape of a figure over the period; the figure itself stands beside it. */
export function Sparkline({ values }: { values: Value[] | undefined }) {
  const numbers = values?.map(({ value }) => value) ?? [];
  const { lines, areas, points } = sparkPath(numbers, width, height);
  return (
    <svg
      class="sparkline"
      width={width + 2 * edge}
      height={height + 2 * edge}
      viewBox={`${-edge} ${-edge} ${width + 2 * edge} ${height + 2 * edge}`}
      aria-hidden="true"
      focusable="false"
    >
      {areas.map((path) => (
        <path key={path} d={path} class="spark-area" />
      ))}
      {lines.map((path) => (
        <path key={path} d={path} class="spark-line" />
      ))}
      {points.map(([x, y]) => (
        <circle key={x} cx={x} cy={y} r="1.75" class="spark-point" />
      ))}
    </svg>
  );
}
