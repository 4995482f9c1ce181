export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every time zone that the browser knows, and one more, which may have an older name. */
export const zones = (also: string) => [...new Set(["UTC", also, ...Intl.supportedValuesOf("timeZone")])].sort();
