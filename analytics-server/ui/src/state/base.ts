/** Where the app lies on its host: nothing, or a path such as `/analytics`. The server writes it into the page. */
export const base: string = globalThis.document?.querySelector<HTMLMetaElement>("meta[name=base]")?.content ?? "";
