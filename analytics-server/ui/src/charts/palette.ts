/** The page's own colours and fills for the canvas. */
export interface Palette {
  current: string;
  previous: string;
  previousLine: string;
  /** From the top to the bottom of what lies below a line. */
  area: [string, string];
  grid: string;
  text: string;
  hover: string;
  hatched: CanvasPattern | string;
  dotted: CanvasPattern | string;
  bounded: string;
  panel: string;
}

export function readPalette(element: HTMLElement, context: CanvasRenderingContext2D): Palette {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const current = colour("--bar");
  return {
    current,
    previous: colour("--bar-prev"),
    previousLine: colour("--line-prev"),
    area: [colour("--area"), colour("--area-end")],
    grid: colour("--line2"),
    text: colour("--ink3"),
    hover: colour("--bar-hover"),
    hatched: pattern(context, current, hatch),
    dotted: pattern(context, current, dots),
    bounded: colour("--bar-soft"),
    panel: colour("--panel"),
  };
}

const size = 6;

/** Draws one tile at the screen's own resolution, so that the lines stay sharp. */
function pattern(context: CanvasRenderingContext2D, colour: string, draw: (tile: CanvasRenderingContext2D) => void): CanvasPattern | string {
  const scale = window.devicePixelRatio || 1;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.round(size * scale);
  const tile = canvas.getContext("2d");
  if (!tile) return colour;
  tile.scale(canvas.width / size, canvas.height / size);
  tile.strokeStyle = tile.fillStyle = colour;
  draw(tile);
  const made = context.createPattern(canvas, "repeat");
  made?.setTransform(new DOMMatrix().scale(size / canvas.width));
  return made ?? colour;
}

function hatch(tile: CanvasRenderingContext2D): void {
  tile.lineWidth = 2;
  tile.beginPath();
  for (const shift of [-size, 0, size]) {
    tile.moveTo(shift - 1, size + 1);
    tile.lineTo(shift + size + 1, -1);
  }
  tile.stroke();
}

function dots(tile: CanvasRenderingContext2D): void {
  for (const [x, y] of [
    [1.5, 1.5],
    [4.5, 4.5],
  ] as const) {
    tile.beginPath();
    tile.arc(x, y, 1.1, 0, 2 * Math.PI);
    tile.fill();
  }
}
