/** Each by its own name. */
export const languages: [value: string, name: string][] = [
  ["en", "English"],
  ["ja", "日本語"],
];
