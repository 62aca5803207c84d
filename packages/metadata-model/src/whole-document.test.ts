import { expect, test } from "vitest";
import { digest } from "../test/objects.ts";
import { renderedPeer } from "../test/rendered-peer.ts";
import type { Template } from "./render/template.ts";
import { wholeDocumentRenderer } from "./render/whole-document.ts";

const peer = (id: string) => renderedPeer(id, { record: { _id: id } });
const [a, b] = [peer("a"), peer("b")];
const room = (bytes: number, steps = 1_000) => ({ bytes, steps });

/** A template that lists the ids of the peers, a step each, and is too large where these don't fit. */
const ids = (key: string): Template => ({
  key,
  render(peers, maxBytes, maxSteps = 1_000) {
    const text = peers.map(({ _id }) => `é${String(_id)}`).join(" ");
    if (peers.length > maxSteps)
      return { problem: { reason: "TemplateLimit", message: "too many steps" }, steps: maxSteps };
    if (Buffer.byteLength(text) <= maxBytes) return { text, steps: peers.length };
    return { problem: { reason: "TemplateTooLarge", message: `more than ${maxBytes} bytes` }, steps: peers.length };
  },
});

test("each document has its text over all peers, and the size of that in bytes with its key twice", () => {
  const text = "éa éb";
  expect(wholeDocumentRenderer([ids("x.cfg")], digest)([a, b], room(100))).toEqual([
    { key: "x.cfg", value: { value: text, digest: digest(text), bytes: 7 }, size: 10 + 7, problem: undefined },
  ]);
});

test("the second has the room that the first has left, and one that doesn't fit leaves the next one its room", () => {
  const render = wholeDocumentRenderer([ids("x"), ids("y"), ids("z")], digest);
  // each takes 2 bytes of key and 7 of text
  expect(render([a, b], room(27)).map(({ value }) => value?.value)).toEqual(["éa éb", "éa éb", "éa éb"]);
  expect(render([a, b], room(26)).map(({ problem }) => problem?.message)).toEqual([
    undefined,
    undefined,
    "more than 6 bytes",
  ]);
  expect(render([a, b], room(9)).map(({ size }) => size)).toEqual([9, 2, 2]);
});

test("the very same documents are answered while the peers and the room are the same", () => {
  const render = wholeDocumentRenderer([ids("x")], digest);
  const documents = render([a, b], room(100));
  expect(render([a, b], room(100))).toBe(documents);
  for (const peers of [[b, a], [a], [a, b, peer("c")]]) expect(render(peers, room(100))).not.toBe(documents);
  render([a, b], room(100));
  expect(render([a, b], room(8))[0]?.problem?.reason).toBe("TemplateTooLarge");
});

test("the steps are for all of them: each has its part, and what one doesn't need is for those after it", () => {
  const given: number[] = [];
  const takes = (key: string, steps: number): Template => ({
    key,
    render(_peers, _maxBytes, maxSteps = 0) {
      given.push(maxSteps);
      return { text: "", steps: Math.min(steps, maxSteps) };
    },
  });
  wholeDocumentRenderer([takes("x", 1), takes("y", 1_000), takes("z", 1_000)], digest)([a], room(100, 301));
  expect(given).toEqual([100, 150, 150]);
});
