import { type Allowance, stepsOf } from "./allowance.ts";
import { haproxyWord, shellWord, yamlText } from "./quote.ts";
import type { TemplateFilter } from "./template-lists.ts";
import { jsonOf, scalarOf, textOf } from "./template-text.ts";

type Filters = Readonly<Record<string, TemplateFilter>>;

/** The filters that quote, so that a value stays one word whatever is in it, and `default`: Liquid's, without options. */
export function textFilters(spend: Allowance["spend"]): Filters {
  const wellFormed = (value: unknown) => textOf(value, spend).toWellFormed();
  return {
    default: (value, instead) => (isEmpty(value) ? instead : value),
    haproxy: (value) => haproxyWord(wellFormed(value)),
    json: (value) => jsonOf(value, spend),
    sh: (value) => shellWord(wellFormed(value)),
    yaml: (value) => yamlText(jsonOf(value, spend)),
  };
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === false ||
    value === "" ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** Filters that no template can name: what Liquid's own notions of lists, numbers and ranges are led through to take steps. */
export function hiddenFilters(spend: Allowance["spend"]): Filters {
  return {
    "(list)": (value) => {
      if (typeof value === "object" && value !== null) spend(stepsOf(Object.keys(value).length));
      return value;
    },
    "(number)": (value) => numberOf(value, spend) || 0,
    "(range)": (from, to) => range(numberOf(from, spend), numberOf(to, spend), spend),
  };
}

function numberOf(value: unknown, spend: Allowance["spend"]): number {
  return Number(scalarOf(value, spend) ?? Number.NaN);
}

/** Empty where an end isn't a whole number. From 2^53 on numbers have no successor: Liquid's own ranges don't end there. */
function range(from: number, to: number, spend: Allowance["spend"]): readonly number[] {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || to < from) return [];
  const length = to - from + 1;
  spend(length);
  return Array.from({ length }, (_, index) => from + index);
}
