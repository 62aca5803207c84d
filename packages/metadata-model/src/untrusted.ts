// Readers of JSON that someone else made: each answers an empty value of its own kind for one of another kind.

type Texts = Readonly<Record<string, string>>;

const nothing: Readonly<Record<string, never>> = Object.freeze({});

/** `value` itself if it's an object, else one without fields. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : nothing;
}

/** `value` itself if it's an array, else an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `value` itself if it's text, else "". */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * `value` itself if it's an object of texts; else one with its texts and, as texts, its numbers (`cpu: 1`), own keys
 * only.
 */
export function texts(value: unknown): Texts {
  const map = record(value);
  return isTexts(map)
    ? map
    : Object.fromEntries(
        Object.entries(map)
          .filter(isScalar)
          .map(([key, one]) => [key, String(one)]),
      );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(map: Readonly<Record<string, unknown>>): map is Texts {
  return Object.values(map).every((value) => typeof value === "string");
}

function isScalar(entry: [string, unknown]): entry is [string, string | number] {
  return typeof entry[1] === "string" || typeof entry[1] === "number";
}
