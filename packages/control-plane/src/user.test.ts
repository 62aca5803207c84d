import { expect, test } from "vitest";
import { issueTokens, tokenFile } from "./user.ts";

test("every user gets a token of their own", () => {
  const [one, other] = issueTokens([{ name: "one" }, { name: "other" }]);
  expect(one?.token).toMatch(/^[0-9a-f]{32}$/);
  expect(one?.token).not.toBe(other?.token);
});

test("the token file is CSV of every user's token, name and groups", () => {
  const admin = { name: "admin", groups: ["system:masters", "dev"], token: "a1" };
  const other = { name: 'the "other"', token: "b2" };
  expect(tokenFile([admin, other])).toBe(
    `"a1","admin","admin","system:masters,dev"\n"b2","the ""other""","the ""other""",""`,
  );
});
