/** The lines of a small chart: one for every stretch of known values. A stretch of one value is a point. */
export interface Spark {
  lines: string[];
  /** The same down to the base line. */
  areas: string[];
  points: [x: number, y: number][];
}

const round = (number: number): number => Math.round(number * 10) / 10;

/** Values from left to right in a box, zero at its bottom unless values go below; what is missing leaves a gap. */
export function sparkPath(values: (number | null)[], width: number, height: number): Spark {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
  const x = (index: number) => round(values.length > 1 ? (index / (values.length - 1)) * width : width / 2);
  const y = (value: number) => round(high > low ? height - ((value - low) / (high - low)) * height : height);
  const spark: Spark = { lines: [], areas: [], points: [] };
  let stretch: [number, number][] = [];
  const finish = () => {
    const [first, last] = [stretch[0], stretch.at(-1)];
    if (first && last && stretch.length === 1) spark.points.push(first);
    else if (first && last) {
      const line = stretch.map(([left, top], index) => `${index === 0 ? "M" : "L"}${left} ${top}`).join("");
      spark.lines.push(line);
      spark.areas.push(`${line}L${last[0]} ${height}L${first[0]} ${height}Z`);
    }
    stretch = [];
  };
  values.forEach((value, index) => {
    if (value === null) finish();
    else stretch.push([x(index), y(value)]);
  });
  finish();
  return spark;
}
