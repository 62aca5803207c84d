import { expect, test } from "vitest";
import { buildError, diskError } from "./build-error.ts";
import { programs } from "./program.ts";

const apiServer = programs["kube-apiserver"];

test("the error without Go says which Go is needed and how to do without", () => {
  expect(buildError(apiServer, { code: "ENOENT", stderr: "" }, "1.25.0").message).toBe(
    [
      "cannot build kube-apiserver: there is no Go on PATH",
      "Building it needs Go 1.25.0 or newer on PATH, the network, and 3.5 GB of disk.",
      "To do without, put kube-apiserver on PATH, or in a directory named by KUBEBUILDER_ASSETS.",
    ].join("\n"),
  );
});

test("the error with too full a disk says how much is free and how much is needed", () => {
  const { message } = diskError(apiServer, 1.26e9, "1.25.0");
  expect(message).toContain("the disk of GOCACHE or GOMODCACHE has only 1.3 GB free");
  expect(message).toContain("3.5 GB of disk");
});

test("our own program has no way out but building", () => {
  const { message } = buildError(programs["downward-oracle"], { code: "ENOENT", stderr: "" }, "1.25.0");
  expect(message).not.toContain("KUBEBUILDER_ASSETS");
});

test.for([
  ["write /c/b001/_pkg_.a: no space left on device", "is full"],
  ["github.com/x/y: /usr/lib/go/compile: signal: killed", "want of memory"],
  ["go: go.mod requires go >= 1.25.0 (running go 1.22.2; GOTOOLCHAIN=local)", "Go is too old"],
  ["go: download go1.25.0 for linux/amd64: toolchain not available", "Go is too old"],
  ['go: k8s.io/api@v0.35.4: Get "https://x": dial tcp: lookup x: no such host', "could not be downloaded"],
  ["go: k8s.io/api@v0.35.4: reading https://x/v0.35.4.zip: 503 Service Unavailable", "could not be downloaded"],
  ["go: k8s.io/api@v0.35.4: module lookup disabled by GOPROXY=off", "could not be downloaded"],
  ["main.go:3:1: syntax error", "go failed"],
] as const)("what go said, %j, is explained as: %s", ([stderr, problem]) => {
  const said = `go: downloading k8s.io/api v0.35.4\n${stderr}`;
  const { message } = buildError(apiServer, { code: 1, stderr: `${said}\n` }, "1.25.0");
  expect(message.split("\n")[0]).toContain(problem);
  expect(message.endsWith(`\ngo said:\n${said}`)).toBe(true);
});
