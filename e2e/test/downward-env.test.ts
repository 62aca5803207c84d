import { expect, test } from "vitest";
import type { Files } from "../src/files.ts";
import { useScene } from "./scene.ts";

const scene = useScene("env");

/** The variables that the first process of a container was started with. */
async function variables(pod: string, container: string): Promise<Files> {
  const environ = await scene.kubectl("exec", pod, `--container=${container}`, "--", "cat", "/proc/1/environ");
  return Object.fromEntries(
    environ
      .split("\0")
      .filter((line) => line.includes("="))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

test("what a pod sees of itself in its environment, its peers' mirror says of it", async () => {
  await scene.apply("docs/examples/downward-api-env.yaml");
  await scene.ready("downward-env");
  const main = await variables("downward-env", "main");
  const unlimited = await variables("downward-env", "unlimited");

  // the values that don't depend on the cluster, so that the two are not just equally wrong
  expect(main).toMatchObject({
    POD_NAME: "downward-env",
    POD_NAMESPACE: scene.namespace,
    SERVICE_ACCOUNT: "default",
    APP: "downward-env",
    CPU_REQUEST_MILLICORES: "15",
    CPU_REQUEST_CORES: "1",
    CPU_LIMIT_MILLICORES: "100",
    CPU_LIMIT_CORES: "1",
    MEMORY_REQUEST_BYTES: "102400",
    MEMORY_REQUEST_KIBIBYTES: "100",
    MEMORY_LIMIT_BYTES: "16777216",
    MEMORY_LIMIT_KIBIBYTES: "16384",
  });
  expect(main["POD_IP"]).toMatch(/^[0-9a-f.:]+$/);
  expect(unlimited["CPU_REQUEST_MILLICORES"]).toBe("0");
  const own = ([name]: [string, string]) => !/^(KUBERNETES_|HOME$|HOSTNAME$|PATH$)/.test(name);
  const expected = Object.fromEntries([
    ...Object.entries(main).filter(own),
    ...Object.entries(unlimited)
      .filter(own)
      .map(([name, value]) => [`unlimited.${name}`, value] as const),
  ]);
  expect(Object.keys(expected)).toHaveLength(22);
  await expect.poll(() => scene.mirrored("downward-env-peers", "downward-env")).toEqual(expected);
});

test("a limit that is unset is what the node has to give", async () => {
  const node = (path: string) =>
    scene.kubectl("get", "nodes", `--output=jsonpath={.items[0].status.allocatable.${path}}`);
  const data = await scene.mirrored("downward-env-peers", "downward-env");
  expect(data["unlimited.CPU_LIMIT_MILLICORES"]).toBe(String(Number(await node("cpu")) * 1000));
  expect(`${data["unlimited.MEMORY_LIMIT_KIBIBYTES"]}Ki`).toBe(await node("memory"));
});

test("with resources of the whole pod the environment says the pod's limit, a volume and the mirror the node's", async () => {
  await scene.apply("test/manifests/pod-level-resources.yaml");
  await scene.ready("pod-level");
  const inEnvironment = await variables("pod-level", "main");
  const inVolume = await scene.filesIn("pod-level", "/etc/downward");
  expect(inEnvironment).toMatchObject({ CPU_LIMIT: "500", MEMORY_LIMIT: "67108864" });
  expect(inVolume["CPU_LIMIT"]).not.toBe("500");
  await expect.poll(() => scene.mirrored("pod-level-peers", "pod-level")).toEqual(inVolume);
});
