import { Context, defaultOperators, type Emitter, Liquid, filters as liquidFilters, toValue } from "liquidjs";
import { utf8Length } from "../utf8.ts";
import { searchSteps, spendOn, stepsOf } from "./allowance.ts";
import { hiddenFilters, textFilters } from "./template-filters.ts";
import { listFilters } from "./template-lists.ts";
import type { TemplatePeer } from "./template-peer.ts";
import { scalarOf, textOf } from "./template-text.ts";

/** Takes steps of the present rendering; throws where there are none left. */
export type Spend = (steps: number) => void;

/** The tags that there are: none that reads files, and none whose costs can't be counted. */
const tags: readonly string[] = "# assign break capture comment continue echo for if raw unless".split(" ");

/** The filters that are Liquid's own, of texts and numbers. None knows the time or chance, and none takes text for code. */
const scalarFilters = (
  "abs append at_least at_most capitalize ceil divided_by downcase escape floor lstrip minus modulo normalize_whitespace plus prepend " +
  "remove remove_first remove_last replace replace_first replace_last round rstrip slice split strip strip_newlines times truncate " +
  "truncatewords upcase url_decode url_encode"
).split(" ");

/** A Liquid with no tag, filter or operator but those that are counted, and nothing to read but what it's given. */
export function createEngine(spend: Spend): Liquid {
  const engine = new Liquid({
    operators: countedOperators(spend),
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    locale: "en-US",
    // no files, though no tag is left that would read them
    templates: {},
  });
  for (const name of Object.keys(engine.tags)) if (!tags.includes(name)) delete engine.tags[name];
  for (const name of Object.keys(engine.filters)) delete engine.filters[name];
  for (const name of scalarFilters) engine.registerFilter(name, countedFilter(name, spend));
  const ours = { ...listFilters(spend), ...textFilters(spend), ...hiddenFilters(spend) };
  for (const [name, filter] of Object.entries(ours)) {
    engine.registerFilter(name, (value: unknown, ...args: unknown[]) => {
      spend(1 + args.length);
      return filter(toValue(value), ...args.map((arg) => toValue(arg)));
    });
  }
  const { renderer } = engine;
  const renderTemplates = renderer.renderTemplates.bind(renderer);
  // what a capture tag collects is counted too
  renderer.renderTemplates = (nodes, context, output = emitter(spend)) => renderTemplates(nodes, context, output);
  return engine;
}

/** A filter of Liquid that gets texts for maps and lists, and takes steps for all that it reads and makes. */
function countedFilter(name: string, spend: Spend): Liquid["filters"][string] {
  const filter = liquidFilters[name];
  if (typeof filter !== "function") throw new TypeError(`liquidjs has no filter ${name}`);
  const searches = /^(remove|replace|split)/.test(name);
  return function (value: unknown, ...args: unknown[]) {
    const [text, ...rest] = [value, ...args].map((one) => scalarOf(toValue(one), spend));
    spend(1 + args.length);
    if (searches) spend(searchSteps(textOf(text, spend), textOf(rest[0], spend)));
    const made: unknown = filter.call(this, text, ...rest);
    spendOn(made, spend);
    return made;
  };
}

/** Liquid's operators, which take steps for what they compare. */
function countedOperators(spend: Spend): typeof defaultOperators {
  const counted = Object.entries(defaultOperators).map(([name, operate]) => {
    const operator: typeof operate = (left: unknown, right: unknown, context: Context) => {
      spend(2);
      if (!["and", "or", "not"].includes(name)) for (const one of [left, right]) spendOn(toValue(one), spend);
      if (name === "contains" && typeof left === "string") spend(searchSteps(left, textOf(toValue(right), spend)));
      return operate(left, right, context);
    };
    return [name, operator] as const;
  });
  return Object.fromEntries(counted);
}

/** Collects what is rendered, and takes steps for it, and bytes of what there may be. */
export function emitter(spend: Spend, emit: (bytes: number) => void = () => {}): Emitter {
  return {
    buffer: "",
    write(value: unknown) {
      const text = textOf(value, spend).toWellFormed();
      emit(utf8Length(text));
      this.buffer += text;
    },
  };
}

/** What a rendering may read: the variable `peers`, in counted steps. */
export function createContext(engine: Liquid, peers: readonly TemplatePeer[], spend: Spend): Context {
  const scope = Object.assign(Object.create(null) as object, { peers });
  const context = new Context(scope, engine.options, { sync: true }, { liquid: engine });
  const readProperty = context.readProperty.bind(context);
  context.readProperty = (object, name) => {
    spend(1 / 4);
    return readProperty(object, name);
  };
  // liquidjs asks the one before each node, for the time, and the other before it makes something, for its length
  context.renderLimit.check = () => spend(1);
  context.memoryLimit.use = (length) => spend(stepsOf(length));
  return context;
}
