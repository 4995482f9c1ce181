import type { ComponentChildren } from "preact";

/** Our own drawings: a colour and a shape to tell platforms apart at a glance, no copied logos. */
const drawings: Record<string, { colour: string; shape: ComponentChildren }> = {
  facebook_ads: {
    colour: "#1b66d6",
    shape: (
      <>
        <path d="M15.8 6.500h-1.400c-1.7 0-2.7 1.1-2.7 2.800V20M8.6 12.200h6" stroke-width="2.3" />
        <path d="M18.3 20v-4.2" stroke-width="2.3" opacity=".75" />
      </>
    ),
  },
  facebook_page: {
    colour: "#3b5bd0",
    shape: (
      <>
        <path d="M8.300 20.500V5.800" stroke-width="2.300" />
        <path d="M8.300 6.800c3.400-1.800 6 1.800 10 0v7.400c-4 1.800-6.600-1.800-10 0z" stroke-width="2" />
      </>
    ),
  },
  google_ads: {
    colour: "#1b7f55",
    shape: (
      <>
        <circle cx="11.500" cy="11.500" r="4.700" stroke-width="2.200" />
        <path d="m15.200 15.200 4.600 4.600" stroke-width="2.400" />
        <path d="M11.500 9.600v1.900h1.700" stroke-width="1.800" opacity=".75" />
      </>
    ),
  },
  instagram: {
    colour: "#b1377f",
    shape: (
      <>
        <rect x="6" y="7" width="14" height="12" rx="3" stroke-width="2" />
        <path d="m6.800 17.200 4.200-4.400 3 3 1.800-1.800 3.600 3.400" stroke-width="2" />
        <path d="M15.700 10.600v.1" stroke-width="2.400" />
      </>
    ),
  },
  x_ads: {
    colour: "#33414f",
    shape: (
      <>
        <path d="m7.500 7 8.500 11.500M16 7 7.500 18.500" stroke-width="2.200" />
        <path d="M19 18.500v-4.500M21.500 18.500v-7" stroke-width="2" opacity=".8" />
      </>
    ),
  },
  yahoo_search_ads: {
    colour: "#a8323e",
    shape: (
      <>
        <rect x="5.500" y="9.500" width="15" height="7.500" rx="3.750" stroke-width="2" />
        <path d="M9.300 12v2.500M12 13.300h4.500" stroke-width="1.800" opacity=".8" />
      </>
    ),
  },
  yahoo_display_ads: {
    colour: "#8a3a8f",
    shape: (
      <>
        <rect x="5.500" y="6.500" width="15" height="13" rx="2" stroke-width="2" />
        <path d="M5.500 10.500h15" stroke-width="1.800" opacity=".8" />
        <path d="M9 14.800h4.500" stroke-width="2.200" />
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
