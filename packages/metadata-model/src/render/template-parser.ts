import {
  Expression,
  ForTag,
  IfTag,
  type Liquid,
  Output,
  Parser,
  type Template as Node,
  type Token,
  Tokenizer,
  type TopLevelToken,
  TypeGuards,
  UnlessTag,
  Value,
} from "liquidjs";
import { stepsOf } from "./allowance.ts";
import type { Spend } from "./template-engine.ts";

/** How deep tags may be nested, and how many brackets one may have: both are gone through by recursion. */
const maxDepth = 32;

/**
 * The nodes of a template, each of which takes steps when it is rendered.
 *
 * @throws LiquidError where `source` is none, or is too deep.
 */
export function parse(engine: Liquid, source: string, spend: Spend): Node[] {
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
