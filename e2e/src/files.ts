/** Files by name, with their text. */
export type Files = Readonly<Record<string, string>>;
