import type { ComponentChildren } from "preact";

const paths = {
  chevron: <path d="m4 6 4 4 4-4" />,
  right: <path d="m6 4 4 4-4 4" />,
  plus: <path d="M8 3v10M3 8h10" />,
  check: <path d="m3.5 8.5 3 3 6-7" />,
  close: <path d="m4 4 8 8m0-8-8 8" />,
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />,
  table: <path d="M2.5 3.5h11v9h-11zM2.5 6.7h11M2.5 9.6h11M6.5 3.5v9" />,
  bars: <path d="M3.5 13V8M8 13V3M12.5 13V6" />,
  alert: <path d="M8 2.2 14.2 13H1.8zM8 6.4v3M8 11.2v.1" />,
  link: <path d="M6.6 9.4a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.4 6.6a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.8-.8" />,
  info: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.3v3.6M8 5v.1" />
    </>
  ),
  offline: <path d="M2 6.2a9 9 0 0 1 3-1.9M14 6.2a9 9 0 0 0-5.6-2.4M4.3 9a5.4 5.4 0 0 1 2-1.2M11.7 9c-.4-.4-.8-.7-1.3-.9M8 12.300v.1M2.5 2l11 12" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.800v3.400l2.2 1.5" />
    </>
  ),
  shield: <path d="M8 1.8 13 3.600v4c0 3-2 5.4-5 6.6-3-1.2-5-3.6-5-6.600v-4zM5.8 8l1.6 1.6 3-3.3" />,
  user: (
    <>
      <circle cx="8" cy="5.5" r="2.7" />
      <path d="M2.8 13.500c.6-2.6 2.7-4 5.2-4s4.6 1.4 5.2 4" />
    </>
  ),
  left: <path d="m10 4-4 4 4 4" />,
  grid: <path d="M2.8 2.800h4.200v4.200h-4.200zM9 2.800h4.200v4.200H9zM2.8 9h4.200v4.200h-4.200zM9 9h4.200v4.200H9z" />,
  calendar: <path d="M2.500 3.800h11v9.700h-11zM2.500 6.800h11M5.400 2.200v2.600M10.600 2.200v2.600" />,
  /** Something means something else from here on. */
  change: <path d="M8 2v12M2.500 5.500h3M10.500 5.500h3M2.500 8.500h2M11.500 8.500h2M2.500 11.500h3M10.500 11.500h3" />,
  out: <path d="M6.500 3.500h-3v9h9v-3M9.500 3.500h3v3M12.500 3.500 7.500 8.500" />,
  refresh: <path d="M13 8a5 5 0 1 1-1.500-3.600M13 2.600v2.900h-2.900" />,
  pencil: <path d="m3 13 .7-2.900L10.900 2.900l2.200 2.200L5.900 12.300z" />,
  unlink: <path d="m6.200 9.800-1.100 1a2.600 2.600 0 0 1-3.600-3.700l1.800-1.800M9.800 6.200l1.100-1a2.600 2.600 0 0 1 3.600 3.700l-1.800 1.800M3 3l10 10" />,
  picture: <path d="M2.500 3.500h11v9h-11zM2.800 11.500 6 8l2.400 2.500 2-2 3 3M10.300 6.200v.1" />,
  pictures: <path d="M2.500 5.500h8.500v8H2.500zM5 5.300V2.800h8.500v8h-2.300M2.800 12.300l2.600-2.800 3 3.200" />,
  play: (
    <>
      <path d="M2.500 3.500h11v9h-11z" />
      <path d="m6.800 6 3.200 2-3.200 2z" />
    </>
  ),
  story: (
    <>
      <circle cx="8" cy="8" r="5.800" stroke-dasharray="3.200 1.600" />
      <circle cx="8" cy="8" r="2.600" />
    </>
  ),
  text: <path d="M3 4h10M3 7h10M3 10h10M3 13h6" />,
  more: <path d="M3.5 8v.1M8 8v.1M12.5 8v.1" />,
} satisfies Record<string, ComponentChildren>;

export type IconName = keyof typeof paths;

/** A line drawing beside words; it never says anything that the words do not. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {paths[name]}
    </svg>
  );
}

/** The triangle of a change; direction is said in words beside it. */
export function Triangle({ up }: { up: boolean }) {
  return (
    <svg class="triangle" width="8" height="7" viewBox="0 0 8 7" aria-hidden="true" focusable="false">
      <path d={up ? "M4 0.5 7.5 6.500h-7z" : "M4 6.5.5.500h7z"} />
    </svg>
  );
}

export function Brand() {
  return (
    <svg class="brand-mark" width="22" height="22" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <path d="M9 22v-5M16 22V10M23 22v-8" />
    </svg>
  );
}
