import { expect, test } from "vitest";
import { issueTokens, tokenFile } from "./user.ts";

test("the token file is CSV that holds every user's own token, name and groups", () => {
  const users = [{ name: "admin", groups: ["system:masters", "dev"] }, { name: 'the "other"' }];
  const tokens = issueTokens(users);
  const [admin, other] = users.map(({ name }) => tokens.get(name));
  expect(admin).toMatch(/^[0-9a-f]{32}$/);
  expect(admin).not.toBe(other);
  expect(tokenFile(users, tokens)).toBe(
    `"${admin}","admin","admin","system:masters,dev"\n"${other}","the ""other""","the ""other""",""`,
  );
});
