import { expect, test } from "vitest";
import { kubeconfig } from "./kubeconfig.ts";

test("the kubeconfig holds the login, its one context named after the user", () => {
  const login = { server: "https://127.0.0.1:6443", ca: "PEM\n", token: "t0ken" };
  expect(kubeconfig(login, "system:serviceaccount:a:b")).toBe(`apiVersion: v1
kind: Config
clusters:
  - name: control-plane
    cluster:
      server: https://127.0.0.1:6443
      certificate-authority-data: UEVNCg==
users:
  - name: "system:serviceaccount:a:b"
    user:
      token: t0ken
contexts:
  - name: "system:serviceaccount:a:b"
    context: { cluster: control-plane, user: "system:serviceaccount:a:b" }
current-context: "system:serviceaccount:a:b"
`);
});
