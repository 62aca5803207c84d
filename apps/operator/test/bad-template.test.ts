import { pods } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { metadataMirrors } from "../src/mirror/resources.ts";
import { expectCalm } from "./calm.ts";
import { createScene, useSandbox } from "./support.ts";

const sandbox = useSandbox({ operator: {} });

const items = [
  { path: "name", fieldRef: { fieldPath: "metadata.name" } },
  { path: "round", fieldRef: { fieldPath: "metadata.annotations['round']" } },
];
const template = (source: string) => ({ type: "Template", key: "list", template: { source } });
const good = "{% for p in peers %}{{ p.name }}={{ p.round }};{% endfor %}";

test.each([
  {
    what: "loops for ever",
    source: "first line\n{% for i in (1..100000000) %}{% assign x = i %}{% endfor %}",
    reason: "TemplateLimit",
    message: /line 2, column \d+: /,
  },
  {
    what: "makes 10 MB",
    source: `{% for i in (1..200) %}${"x".repeat(60_000)}{% endfor %}`,
    reason: "TemplateTooLarge",
    message: /it is larger than the \d+ bytes that there is room for/,
  },
  {
    what: "throws",
    source: "first line\n  {{ '%' | url_decode }}",
    reason: "TemplateError",
    message: /line 2, column \d+: /,
  },
  {
    what: "is none",
    source: "{% for p in peers %}{{ p.name }}",
    reason: "TemplateError",
    message: /line 1, column \d+: /,
  },
])(
  "a template that $what is $reason: its last document stays, all else follows, and it heals",
  async ({ what, source, reason, message }) => {
    const scene = await createScene(sandbox.client, what.replaceAll(" ", "-").toLowerCase());
    const { client, namespace } = scene;
    const peer = (round: string) => ({ metadata: { annotations: { round } } });
    await createPod(client, { namespace, name: "a", labels: { app: "web" }, annotations: { round: "1" } });
    const files = { type: "Files" };
    await scene.createMirror("peers", { items, output: { formats: [files, template(good)] } });
    await scene.expectData("peers", { a_name: "a", a_round: "1", list: "a=1;" });

    const setTemplate = (text: string) =>
      client.patch(
        metadataMirrors,
        { namespace, name: "peers" },
        { spec: { output: { formats: [files, template(text)] } } },
      );
    await setTemplate(source);
    const complete = { status: "False", reason, message: expect.stringMatching(message) as string };
    await scene.expectCondition("peers", "Complete", complete);
    await scene.expectEvent("peers", reason);
    await client.patch(pods, { namespace, name: "a" }, peer("2"));
    await scene.expectData("peers", { a_name: "a", a_round: "2", list: "a=1;" });
    await scene.expectCondition("peers", "Ready", { status: "True", reason: "InSync" });
    await expectCalm(sandbox.operatorRequests, namespace);

    await setTemplate(good);
    await scene.expectData("peers", { a_name: "a", a_round: "2", list: "a=2;" });
    await scene.expectCondition("peers", "Complete", { status: "True" });
  },
);

test("a template that was never good leaves its key out, and all else is written", async () => {
  const scene = await createScene(sandbox.client, "never-good");
  await createPod(sandbox.client, { namespace: "never-good", name: "a", labels: { app: "web" } });
  await scene.createMirror("peers", { items, output: { formats: [{ type: "Files" }, template("{% bad %}")] } });
  await scene.expectData("peers", { a_name: "a", a_round: "" });
  await scene.expectCondition("peers", "Complete", { status: "False", reason: "TemplateError" });
  await expectCalm(sandbox.operatorRequests, "never-good");
});
