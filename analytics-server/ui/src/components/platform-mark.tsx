import type { ComponentChildren } from "preact";

/** Our own drawings: a colour and a shape to tell platforms apart at a glance, no copied logos. */
const drawings: Record<string, { colour: string; shape: ComponentChildren }> = {
  facebook_ads: {
    colour: "#1b66d6",
    shape: (
      <>
        <path d="M15.8 6.5h-1.4c-1.7 0-2.7 1.1-2.7 2.8V20M8.6 12.2h6" stroke-width="2.3" />
        <path d="M18.3 20v-4.2" stroke-width="2.3" opacity=".75" />
      </>
    ),
  },
  facebook_page: {
    colour: "#3b5bd0",
    shape: (
      <>
        <path d="M8.3 20.5V5.8" stroke-width="2.3" />
        <path d="M8.3 6.8c3.4-1.8 6 1.8 10 0v7.4c-4 1.8-6.6-1.8-10 0z" stroke-width="2" />
      </>
    ),
  },
  google_ads: {
    colour: "#1b7f55",
    shape: (
      <>
        <circle cx="11.5" cy="11.5" r="4.7" stroke-width="2.2" />
        <path d="m15.2 15.2 4.6 4.6" stroke-width="2.4" />
        <path d="M11.5 9.6v1.9h1.7" stroke-width="1.8" opacity=".75" />
      </>
    ),
  },
  instagram: {
    colour: "#b1377f",
    shape: (
      <>
        <rect x="6" y="7" width="14" height="12" rx="3" stroke-width="2" />
        <path d="m6.8 17.2 4.2-4.4 3 3 1.8-1.8 3.6 3.4" stroke-width="2" />
        <path d="M15.7 10.6v.1" stroke-width="2.4" />
      </>
    ),
  },
  x: {
    colour: "#54657a",
    shape: <path d="m8 7.5 10 11M18 7.5l-10 11" stroke-width="2.4" />,
  },
  x_ads: {
    colour: "#33414f",
    shape: (
      <>
        <path d="m7.5 7 8.5 11.5M16 7 7.5 18.5" stroke-width="2.2" />
        <path d="M19 18.5v-4.5M21.5 18.5v-7" stroke-width="2" opacity=".8" />
      </>
    ),
  },
  yahoo_search_ads: {
    colour: "#a8323e",
    shape: (
      <>
        <rect x="5.5" y="9.5" width="15" height="7.5" rx="3.75" stroke-width="2" />
        <path d="M9.3 12v2.5M12 13.3h4.5" stroke-width="1.8" opacity=".8" />
      </>
    ),
  },
  yahoo_display_ads: {
    colour: "#8a3a8f",
    shape: (
      <>
        <rect x="5.5" y="6.5" width="15" height="13" rx="2" stroke-width="2" />
        <path d="M5.5 10.5h15" stroke-width="1.8" opacity=".8" />
        <path d="M9 14.8h4.5" stroke-width="2.2" />
      </>
    ),
  },
};

/** The mark of a platform; one without a drawing gets the first letter of its name. */
export function PlatformMark({ platform, name, size = 28 }: { platform: string; name: string; size?: number }) {
  const drawing = drawings[platform];
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 26 26" aria-hidden="true" focusable="false">
      <rect width="26" height="26" rx="7" fill={drawing?.colour ?? "#5b6472"} />
      {drawing ? (
        <g fill="none" stroke="#fff" stroke-linecap="round" stroke-linejoin="round">
          {drawing.shape}
        </g>
      ) : (
        <text x="13" y="17.5" text-anchor="middle" fill="#fff" font-size="12" font-weight="650">
          {name.slice(0, 1).toUpperCase()}
        </text>
      )}
    </svg>
  );
}
