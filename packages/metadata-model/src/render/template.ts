import {
  Context,
  defaultOperators,
  type Emitter,
  Expression,
  ForTag,
  IfTag,
  Liquid,
  LiquidError,
  filters as liquidFilters,
  type Template as Node,
  Output,
  Parser,
  type Token,
  Tokenizer,
  type TopLevelToken,
  TypeGuards,
  toValue,
  toValueSync,
  UnlessTag,
  Value,
} from "liquidjs";
import { utf8Length } from "../utf8.ts";
import { createAllowance, searchSteps, spendOn, stepsOf } from "./allowance.ts";
import { hiddenFilters, textFilters } from "./template-filters.ts";
import { listFilters } from "./template-lists.ts";
import type { TemplatePeer } from "./template-peer.ts";
import { type Fault, problemOf, type TemplateProblem } from "./template-problem.ts";
import { scalarOf, textOf } from "./template-text.ts";

/** A document of all peers of a mirror, which a template makes. */
export interface Template {
  readonly key: string;
  /**
   * The document of `peers`, of at most `maxBytes` in UTF-8 and made in at most `maxSteps`, or why there is none, and the steps that it took. The
   * same input has the same result everywhere.
   */
  readonly render: (peers: readonly TemplatePeer[], maxBytes: number, maxSteps?: number) => TemplateResult;
}

type TemplateResult = ({ readonly text: string } | { readonly problem: TemplateProblem }) & { readonly steps: number };

type Spend = (steps: number) => void;

/** The tags that there are: none that reads files, and none whose costs can't be counted. */
const tags: readonly string[] = "# assign break capture comment continue echo for if raw unless".split(" ");

/** The filters that are Liquid's own, of texts and numbers. None knows the time or chance, and none takes text for code. */
const scalarFilters = (
  "abs append at_least at_most capitalize ceil divided_by downcase escape floor lstrip minus modulo normalize_whitespace plus prepend " +
  "remove remove_first remove_last replace replace_first replace_last round rstrip slice split strip strip_newlines times truncate " +
  "truncatewords upcase url_decode url_encode"
).split(" ");

/**
 * The steps of one rendering, and as many more for each peer. Measured on 2 cores: 250,000 are gone in half a second at most, and of 20,000 peers
 * with 20 items a line each, quoted and within a condition, takes 6.7 million of the 10.5 that there are, in 2.3 s.
 */
const allowedSteps = { base: 250_000, perPeer: 512 };

/** The steps that all templates of a mirror have together, for so many peers. */
export function stepsFor(peers: number): number {
  return allowedSteps.base + allowedSteps.perPeer * peers;
}

/** How deep tags may be nested, and how many brackets one may have: both are gone through by recursion. */
const maxDepth = 32;

/**
 * Compiles a template: Liquid, in which there is one variable, `peers`. Rendering reads nothing else, knows no time and no chance, and
 * ends: each tag, filter, comparison and character takes of the steps that there are. Nothing is escaped unless a filter does
 * it (`sh`, `json`, `yaml`, `haproxy`); what a peer doesn't have is empty. A source that is no template says so in each rendering.
 */
export function compileTemplate(key: string, source: string): Template {
  let allowance = createAllowance(0, 0);
  const spend: Spend = (steps) => allowance.spend(steps);
  const engine = createEngine(spend);
  let nodes: Node[];
  try {
    nodes = parse(engine, source, spend);
  } catch (error) {
    const problem = problemOf(faultIn(error), source);
    return { key, render: () => ({ problem, steps: 0 }) };
  }

  return {
    key,
    render(peers, maxBytes, maxSteps = stepsFor(peers.length)) {
      allowance = createAllowance(maxSteps, maxBytes);
      const output = emitter(spend, allowance.emit);
      try {
        toValueSync(engine.renderer.renderTemplates(nodes, createContext(engine, peers, spend), output));
        return { text: output.buffer, steps: allowance.spent() };
      } catch (error) {
        const exhausted = allowance.exhausted();
        const steps = `its part of ${allowedSteps.base} steps and ${allowedSteps.perPeer} for each peer`;
        const problem = problemOf(faultIn(error), source, exhausted && { exhausted, steps, maxBytes });
        return { problem, steps: allowance.spent() };
      }
    },
  };
}

/** What went wrong where. What liquidjs says is of the source alone; what JavaScript says of a value may hold the value, and stays here. */
function faultIn(error: unknown): Fault {
  if (!LiquidError.is(error)) return { what: "it can't be rendered" };
  const [line = 1, column = 1] = error.token.getPosition();
  const { originalError = error } = error;
  const isOfLiquid =
    LiquidError.is(originalError) || originalError.name === "AssertionError" || error.name === "ParseError";
  const what = isOfLiquid ? originalError.message.replace(/, line:\d+, col:\d+$/, "") : "it can't take this value";
  return { what, place: { line, column } };
}

function createEngine(spend: Spend): Liquid {
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

/** Collects what is rendered, and takes steps for it. */
function emitter(spend: Spend, emit: (bytes: number) => void = () => {}): Emitter {
  return {
    buffer: "",
    write(value: unknown) {
      const text = textOf(value, spend).toWellFormed();
      emit(utf8Length(text));
      this.buffer += text;
    },
  };
}

function createContext(engine: Liquid, peers: readonly TemplatePeer[], spend: Spend): Context {
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

function parse(engine: Liquid, source: string, spend: Spend): Node[] {
  const tokenizer = new Tokenizer(source, engine.options.operators);
  const tokens = tokenizer.readTopLevelTokens(engine.options);
  const fault = faultOf(tokens);
  if (fault !== undefined) throw tokenizer.error(fault.what, fault.token.begin);
  for (const token of tokens) if (TypeGuards.isTagToken(token)) countRanges(token.tokenizer);

  const parser = new Parser(engine);
  const parseToken = parser.parseToken.bind(parser);
  parser.parseToken = (token, remaining) => {
    const node = parseToken(token, remaining);
    if (TypeGuards.isOutputToken(token) && node instanceof Output) {
      const inner = new Tokenizer(source, engine.options.operators, undefined, token.contentRange);
      countRanges(inner);
      node.value = new Value(inner.readFilteredValue(), engine);
    }
    if (node instanceof ForTag) countLoop(node, tokenizer);
    count(node, spend);
    return node;
  };
  return parser.parseTokens(tokens);
}

/** What is too deep in a template. */
function faultOf(tokens: readonly TopLevelToken[]): { readonly what: string; readonly token: Token } | undefined {
  let depth = 0;
  let isComment = false;
  for (const token of tokens) {
    const name = TypeGuards.isTagToken(token) ? token.name : "";
    if (isComment && name !== "endcomment") continue;
    isComment = name === "comment";
    if (["capture", "for", "if", "unless"].includes(name)) depth += 1;
    if (/^end(capture|for|if|unless)$/.test(name)) depth -= 1;
    if (depth > maxDepth) return { what: `tags are nested deeper than ${maxDepth}`, token };
    const isTag = name !== "" || TypeGuards.isOutputToken(token);
    if (isTag && token.getText().split(/[[(]/).length > maxDepth)
      return { what: `more than ${maxDepth} brackets`, token };
  }
  return undefined;
}

/** Takes steps for a node by its length, since all of it may be gone through, and for the branches of a condition. */
function count(node: Node, spend: Spend): void {
  const branches = node instanceof IfTag || node instanceof UnlessTag ? node.branches.length : 0;
  const cost = stepsOf(node.token.size()) + 2 * branches;
  const render = node.render.bind(node);
  node.render = (context, output) => {
    spend(cost);
    return render(context, output);
  };
}

/** Has the ranges that `tokenizer` reads made by a filter of ours: those of Liquid never end where numbers have no successor. */
function countRanges(tokenizer: Tokenizer): void {
  const read = tokenizer.readGroupOrRange.bind(tokenizer);
  tokenizer.readGroupOrRange = () => {
    const token = read();
    return token !== undefined && TypeGuards.isRangeToken(token)
      ? piped(token, token.lhs, "(range)", [token.rhs])
      : token;
  };
}

/** Takes steps for what a loop may copy of its list, and has what it counts with be numbers. */
function countLoop(loop: ForTag, tokenizer: Tokenizer): void {
  loop.collection = piped(loop.collection, loop.collection, "(list)", []);
  const { hash } = loop.hash;
  for (const [name, value] of Object.entries(hash)) {
    if (!["offset", "limit", "reversed"].includes(name)) {
      throw tokenizer.error(`for has offset, limit and reversed, and no ${name}`, loop.token.begin);
    }
    if (value !== undefined) hash[name] = piped(value, value, "(number)", []);
  }
}

/** `value | filter: args` in the place of `token`. */
function piped(token: Token, value: Token, filter: string, args: Token[]) {
  const made = new Tokenizer("x | x").readFilteredValue();
  made.initial = new Expression([value]);
  for (const one of made.filters) Object.assign(one, { name: filter, args });
  return Object.assign(made, { input: token.input, begin: token.begin, end: token.end });
}
