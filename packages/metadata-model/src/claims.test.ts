import { describe, expect, test } from "vitest";
import { renderedPeer } from "../test/rendered-peer.ts";
import { utf8Length } from "./utf8.ts";
import { claimSettler } from "./render/claims.ts";
import { envAggregate } from "./render/env.ts";
import { jsonAggregate } from "./render/json.ts";

const aggregates = [jsonAggregate("peers.json"), envAggregate("peers.env")];

function peer(id: string, ...lines: string[]) {
  const text = lines.join("\n");
  return renderedPeer(id, { size: 100 + utf8Length(text), named: [undefined, text] });
}

const [first, other] = [peer("a-b", "A_B_IP=1", "A_B_X=2"), peer("c", "C_IP=3")];
const second = peer("a.b", "A_B_IP=4", "A_B_Y=5");

describe("where peers claim names", () => {
  test("that are all different, they come back as they are", () => {
    const settled = claimSettler(aggregates)([first, other]);
    expect(settled[0]).toBe(first);
    expect(settled[1]).toBe(other);
  });

  test("the first one keeps its name, and the other loses that line alone, its size and a problem more", () => {
    const settled = claimSettler(aggregates)([first, other, second]);
    expect(settled.slice(0, 2)).toEqual([first, other]);
    expect(settled[2]).toMatchObject({
      named: [undefined, "A_B_Y=5"],
      size: second.size - "A_B_IP=4\n".length,
      problems: [{ path: "A_B_IP", reason: "EnvNameTaken" }],
    });
  });

  test("by their order, whichever that is", () => {
    const [winner, loser] = claimSettler(aggregates)([second, first]);
    expect(winner).toBe(second);
    expect(loser?.named[1]).toBe("A_B_X=2");
  });

  test("the same outcome is the same object, and another is another", () => {
    const settle = claimSettler(aggregates);
    const before = settle([first, second]);
    expect(settle([first, other, second])[2]).toBe(before[1]);
    expect(settle([other, second])[1]).toBe(second);
    expect(settle([first, second])).toBe(settle([first, second]));
    expect(settle([first, other])[1]).toBe(other);
  });

  test("none is lost without a format that has names", () => {
    const peers = [first, second];
    expect(claimSettler(aggregates.slice(0, 1))(peers)).toBe(peers);
  });
});

test("names are settled for each format alone", () => {
  const twice = [envAggregate("a.env"), envAggregate("b.env")];
  const one = (id: string) => ({ ...peer(id), named: ["A=1", "A=1"], size: 100 });
  const [, loser] = claimSettler(twice)([one("a"), one("b")]);
  expect(loser).toMatchObject({ named: ["", ""], size: 100 - 2 * "A=1".length });
});
