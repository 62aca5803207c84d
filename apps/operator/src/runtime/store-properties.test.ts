import fc from "fast-check";
import { expect, test } from "vitest";
import { type Change, createStore, type Entry } from "./store.ts";

interface Named {
  readonly id: string;
  readonly value: number;
}

const scopes = ["a", "b"];

/** What an API server and those who use it do, and what of it reaches us. */
interface Step {
  readonly do: "edit" | "end" | "write" | "answer" | "event" | "list" | "listed" | "loss";
  readonly scope: string;
  readonly name: string;
  readonly value: number;
}
const often = (...words: Step["do"][]) => ({ weight: 8, arbitrary: fc.constantFrom(...words) });
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.oneof(
    often("edit", "end", "write", "answer", "event", "event", "list", "listed"),
    fc.constant("loss" as const),
  ),
  scope: fc.constantFrom(...scopes),
  name: fc.constantFrom("x", "y"),
  value: fc.integer({ min: 0, max: 2 }),
});

type Event = { readonly type: "apply" | "remove"; readonly entry: Entry<Named> };

/** One watch of an API server: what it has told, and the list that is under way. */
interface Watch {
  /** Undefined where the API server can't say what comes after: then only a list helps. */
  told: number | undefined;
  list: { readonly entries: Entry<Named>[]; readonly version: number } | undefined;
}

/**
 * An API server of a few lines, which numbers what happens to its objects and tells it to one watch for the whole cluster or to
 * one of each namespace, later and in order; what we write is answered later too, but before a list that began after it ends. It
 * may be put back to an old backup.
 */
function simulate(watched: readonly string[]) {
  const stored = new Map<string, Entry<Named>>();
  const history: Event[] = [];
  const answers: Entry<Named>[] = [];
  const watches = new Map<string, Watch>(watched.map((scope) => [scope, { told: 0, list: undefined }]));
  const replayed = new Map<string, Named>();
  const store = createStore<Named>({ same: (a, b) => a.value === b.value, onChange: (change) => replay(change) });

  /** Who only hears of changes knows as much as the store, and is told of nothing that is none. */
  function replay({ before, after }: Change<Named>): void {
    const id = before?.id ?? after?.id ?? "";
    expect(replayed.get(id)).toEqual(before);
    expect(before?.value).not.toBe(after?.value);
    if (after === undefined) replayed.delete(id);
    else replayed.set(id, after);
  }

  function commit(type: Event["type"], { scope, name, value }: Step): Entry<Named> {
    const id = `${scope}/${name}`;
    const entry = { namespace: scope, name, resourceVersion: String(history.length + 1), object: { id, value } };
    history.push({ type, entry });
    happen({ type, entry });
    return entry;
  }

  function happen({ type, entry }: Event): void {
    if (type === "apply") stored.set(entry.object.id, entry);
    else stored.delete(entry.object.id);
  }

  function answerAll(one: Step): void {
    while (answers.length > 0) play({ ...one, do: "answer" });
  }

  const watchOf = (scope: string): [string, Watch] => {
    const own = watched.includes(scope) ? scope : "";
    return [own, watches.get(own) ?? { told: 0, list: undefined }];
  };

  function play(one: Step): void {
    const [scope, watch] = watchOf(one.scope);
    switch (one.do) {
      case "edit":
        return void commit("apply", one);
      case "end":
        if (stored.has(`${one.scope}/${one.name}`)) commit("remove", one);
        return;
      case "write":
        return void answers.push(commit("apply", one));
      case "answer": {
        const entry = answers.shift();
        if (entry !== undefined) store.wrote(entry);
        return;
      }
      case "event": {
        const event = watch.list === undefined ? history[watch.told ?? history.length] : undefined;
        if (watch.told === undefined || event === undefined) return;
        watch.told++;
        if (scope === "" || scope === event.entry.namespace) store[event.type](event.entry);
        return;
      }
      case "list":
        store.listing(scope);
        watch.list = {
          entries: [...stored.values()].filter((entry) => scope === "" || scope === entry.namespace),
          version: history.length,
        };
        return;
      case "listed":
        if (watch.list === undefined) return;
        store.swap(scope, watch.list.entries, String(watch.list.version));
        watch.told = watch.list.version;
        watch.list = undefined;
        return;
      case "loss":
        answerAll(one);
        history.splice(Math.ceil(history.length / 2));
        stored.clear();
        history.forEach(happen);
        for (const each of watches.values()) Object.assign(each, { told: undefined, list: undefined });
    }
  }

  /** Lets everything that is under way arrive. */
  function settle(): void {
    for (const scope of scopes) {
      const rest: Step = { do: "listed", scope, name: "", value: 0 };
      const [, watch] = watchOf(scope);
      if (watch.told === undefined) play({ ...rest, do: "list" });
      play(rest);
      answerAll(rest);
      while ((watch.told ?? 0) < history.length) play({ ...rest, do: "event" });
    }
  }

  const truth = () => [...stored.values()].map((entry) => entry.object);
  return { store, play, settle, truth, replayed };
}

const byId = (a: Named, b: Named) => (a.id < b.id ? -1 : 1);
const sorted = (objects: Iterable<Named>) => [...objects].toSorted(byId);

test.each([
  ["one watch of the whole cluster", [""]],
  ["a watch of each namespace", scopes],
])(
  "with %s: once all is told, the store is what the API server holds, and its changes say how it came there",
  (_, watched) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { store, play, settle, truth, replayed } = simulate(watched);
        for (const one of steps) {
          play(one);
          expect(sorted(replayed.values())).toEqual(sorted(store.all()));
          expect(sorted(scopes.flatMap((scope) => store.inNamespace(scope)))).toEqual(sorted(store.all()));
        }
        settle();
        expect(sorted(store.all())).toEqual(sorted(truth()));
        expect(store.size).toBe(truth().length);
        for (const scope of scopes) {
          expect(sorted(store.inNamespace(scope))).toEqual(sorted(truth().filter(({ id }) => id.startsWith(scope))));
        }
      }),
      { numRuns: 2_000 },
    );
  },
);
