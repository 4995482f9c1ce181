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
