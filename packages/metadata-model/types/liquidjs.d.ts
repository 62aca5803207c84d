// What template.ts uses of liquidjs. Its own declarations ask for those of Node.js, which would let this package use them unseen; the tests
// are compiled with its own, so that these can't come apart from them.

export interface Token {
  input: string;
  begin: number;
  end: number;
  getText(): string;
  getPosition(): number[];
  size(): number;
}
interface FilterToken extends Token {
  name: string;
  args: Token[];
}
interface FilteredValueToken extends Token {
  initial: Expression;
  filters: FilterToken[];
}
interface RangeToken extends Token {
  lhs: Token;
  rhs: Token;
}
interface OutputToken extends Token {
  contentRange: [number, number];
}
export interface TagToken extends Token {
  name: string;
  tokenizer: Tokenizer;
}
export type TopLevelToken = Token;

export declare class Expression {
  constructor(tokens: Iterable<Token>);
}
export declare class Value {
  constructor(input: FilteredValueToken, liquid: Liquid);
}
export declare class Tokenizer {
  constructor(input: string, operators?: Operators, file?: string, range?: [number, number]);
  readFilteredValue(): FilteredValueToken;
  readTopLevelTokens(options?: Options): TopLevelToken[];
  readGroupOrRange(): FilteredValueToken | RangeToken | undefined;
  error(message: string, position: number): Error;
}

export interface Emitter {
  buffer: string;
  write(html: unknown): void;
}
export interface Template {
  token: Token;
  render(context: Context, emitter: Emitter): unknown;
}
export declare class Output implements Template {
  token: OutputToken;
  value: Value;
  constructor(token: OutputToken, liquid: Liquid);
  render(context: Context, emitter: Emitter): IterableIterator<unknown>;
}
declare class Tag implements Template {
  token: Token;
  render(context: Context, emitter: Emitter): unknown;
}
export declare class ForTag extends Tag {
  collection: Token;
  hash: { hash: Record<string, Token | undefined> };
}
export declare class IfTag extends Tag {
  branches: object[];
}
export declare class UnlessTag extends Tag {
  branches: object[];
}

type Operators = Record<string, (left: unknown, right: unknown, context: Context) => unknown>;
export declare const defaultOperators: Operators;

interface Limiter {
  use(count: number): void;
  check(count: number): void;
}
interface Options {
  operators: Operators;
}
export declare class Context {
  memoryLimit: Limiter;
  renderLimit: Limiter;
  constructor(env: object, opts: Options, renderOptions: { sync?: boolean }, more: { liquid?: Liquid });
  readProperty(obj: object, key: string | number): unknown;
}

type Filter = (this: { context: Context; liquid: Liquid }, value: unknown, ...args: unknown[]) => unknown;
export declare const filters: Record<string, Filter>;

export declare class Liquid {
  readonly options: Options;
  readonly filters: Record<string, Filter>;
  readonly tags: Record<string, unknown>;
  readonly renderer: {
    renderTemplates(templates: Template[], context: Context, emitter?: Emitter): IterableIterator<unknown>;
  };
  constructor(options: {
    operators: Operators;
    ownPropertyOnly: boolean;
    strictFilters: boolean;
    strictVariables: boolean;
    locale: string;
    templates: Record<string, string>;
  });
  registerFilter(name: string, filter: Filter): void;
}
export declare class Parser {
  constructor(liquid: Liquid);
  parseTokens(tokens: TopLevelToken[]): Template[];
  parseToken(token: TopLevelToken, remaining: TopLevelToken[]): Tag | Output;
}

export declare class LiquidError extends Error {
  token: Token;
  originalError?: Error;
  static is(error: unknown): error is LiquidError;
}
export declare namespace TypeGuards {
  function isTagToken(token: unknown): token is TagToken;
  function isOutputToken(token: unknown): token is OutputToken;
  function isRangeToken(token: unknown): token is RangeToken;
}
export declare function toValue(value: unknown): unknown;
export declare function toValueSync<T>(value: IterableIterator<unknown> | T): T;
