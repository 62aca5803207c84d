import { expect, test } from "vitest";
import { ApiError } from "../api-error.ts";
import { readUnaggregated } from "./unaggregated.ts";

const resourceList = (groupVersion: string) => ({ kind: "APIResourceList", groupVersion, resources: [] });

test("eight are asked for at a time", async () => {
  const versions = Array.from({ length: 20 }, (_, index) => `v${index + 1}`);
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const read = (path: string): Promise<unknown> => {
    asked.push(path);
    return new Promise((resolve) => answers.push(() => resolve(resourceList(path.slice("/apis/".length)))));
  };
  const reading = readUnaggregated([{ name: "example.com", versions }], read);
  for (let answered = 0; answered < versions.length; answered++) {
    await new Promise(setImmediate);
    expect(asked).toHaveLength(Math.min(8 + answered, versions.length));
    answers[answered]?.();
  }
  const { groups, unavailable } = await reading;
  expect(groups.map(({ versions }) => versions.map(({ version }) => version))).toEqual([versions]);
  expect(unavailable).toEqual([]);
});

test("what fails, and what answers for another, is unavailable; the order stays", async () => {
  const answers: Readonly<Record<string, () => Promise<unknown>>> = {
    "/api/v1": () => Promise.resolve(resourceList("v1")),
    "/apis/a.example/v2": () => Promise.reject(new ApiError("unavailable", "GET it: service unavailable (HTTP 503)")),
    "/apis/a.example/v1": () => Promise.resolve(resourceList("a.example/v1")),
    "/apis/b.example/v1": () => Promise.resolve("<html>"),
    "/apis/c.example/v1": () => Promise.resolve(resourceList("d.example/v1")),
  };
  const groups = [
    { name: "", versions: ["v1"] },
    { name: "a.example", versions: ["v2", "v1"] },
    { name: "b.example", versions: ["v1"] },
    { name: "c.example", versions: ["v1"] },
  ];
  const version = { version: "v1", resources: [] };
  expect(await readUnaggregated(groups, (path) => answers[path]?.() ?? expect.fail(path))).toEqual({
    groups: [
      { name: "", versions: [version] },
      { name: "a.example", versions: [version] },
    ],
    unavailable: [
      { group: "a.example", version: "v2", reason: "[unavailable] GET it: service unavailable (HTTP 503)" },
      { group: "b.example", version: "v1", reason: "GET /apis/b.example/v1: the answer is not its APIResourceList" },
      { group: "c.example", version: "v1", reason: "GET /apis/c.example/v1: the answer is not its APIResourceList" },
    ],
  });
});

test("a cancellation is no reason to go on", async () => {
  const read = () => Promise.reject(new ApiError("canceled", "GET it: it was canceled"));
  await expect(readUnaggregated([{ name: "batch", versions: ["v1"] }], read)).rejects.toMatchObject({
    code: "canceled",
  });
});
