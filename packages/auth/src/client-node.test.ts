import { once } from "node:events";
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import type { TLSSocket } from "node:tls";
import { CoreV1Api, Exec, makeInformer } from "@kubernetes/client-node";
import { expect, onTestFinished, test } from "vitest";
import { first, second } from "../test/certificates.ts";
import { throughAmbassador } from "./ambassador.ts";
import { toKubeConfig } from "./client-node.ts";
import type { Credentials, TlsCredentials } from "./credentials.ts";

/** Credentials whose token and TLS the test sets; an Error is what they reject with. */
function credentialsOf(server: string, held: { token?: string | Error; tls?: TlsCredentials }): Credentials {
  return {
    server,
    namespace: "shop",
    source: "test",
    warnings: [],
    tls: async () => held.tls ?? { insecureSkipTLSVerify: false },
    token: async () => {
      if (held.token instanceof Error) throw held.token;
      return held.token;
    },
  };
}

async function listen(server: Server & { closeAllConnections(): void }): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that answers with an empty list, holds watches, and refuses all from `refuse()` on, when watches end; and what it was asked. */
async function plainServer() {
  const asked: { path: string; authorization: string | undefined }[] = [];
  const watches = new Set<ServerResponse>();
  let refused = false;
  const server = createHttpServer(({ url = "", headers: { authorization } }, response) => {
    asked.push({ path: url.split("?")[0] ?? "", authorization });
    if (refused) response.writeHead(401).end();
    else if (url.includes("watch=true")) {
      response.flushHeaders();
      watches.add(response);
    } else response.setHeader("content-type", "application/json").end(emptyList);
  });
  server.on("upgrade", ({ url = "", headers: { authorization } }, socket) => {
    asked.push({ path: url.split("?")[0] ?? "", authorization });
    socket.destroy();
  });
  const refuse = () => {
    refused = true;
    for (const watch of watches) watch.end();
  };
  return { server: `http://${await listen(server)}`, asked, watches, refuse };
}

const emptyList = JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata: { resourceVersion: "1" }, items: [] });

test("each request has the token of its moment", async () => {
  const { server, asked } = await plainServer();
  const held = { token: "old" };
  const pods = (await toKubeConfig(credentialsOf(server, held))).makeApiClient(CoreV1Api);
  await pods.listPodForAllNamespaces();
  held.token = "new";
  await pods.listPodForAllNamespaces();
  expect(asked.map(({ authorization }) => authorization)).toEqual(["Bearer old", "Bearer new"]);
});

test("a WebSocket has it too", async () => {
  const { server, asked } = await plainServer();
  const exec = new Exec(await toKubeConfig(credentialsOf(server, { token: "secret" })));
  await expect(exec.exec("shop", "a", "main", "true", null, null, null, false)).rejects.toThrow();
  expect(asked).toEqual([{ path: "/api/v1/namespaces/shop/pods/a/exec", authorization: "Bearer secret" }]);
});

test("no token is sent where the credentials have none, and a path prefix stays", async () => {
  const { server, asked } = await plainServer();
  const config = await toKubeConfig(throughAmbassador({ server: `${server}/prefix`, namespace: "shop" }));
  await config.makeApiClient(CoreV1Api).listPodForAllNamespaces();
  expect(asked).toEqual([{ path: "/prefix/api/v1/pods", authorization: undefined }]);
  expect(config.getContextObject(config.currentContext)?.namespace).toBe("shop");
});

test("plain http to another machine is refused before anything is sent", async () => {
  const credentials = credentialsOf("http://10.0.0.1:8080", { token: "secret" });
  await expect(toKubeConfig(credentials)).rejects.toThrow(
    "@kubernetes/client-node talks plain http on loopback only, and http://10.0.0.1:8080 is another machine",
  );
});

test("authority, certificate and server name are those of the moment, as they rotate", async () => {
  const seen: { subject: string | undefined; name: string | false | null }[] = [];
  const server = createHttpsServer(
    { ...first, requestCert: true, ca: [first.cert, second.cert] },
    (request, response) => {
      const socket = request.socket as TLSSocket;
      const subject = socket.getPeerCertificate().subject?.CN;
      seen.push({ subject: String(subject), name: (socket as { servername?: string }).servername ?? null });
      response.setHeader("content-type", "application/json").end(emptyList);
    },
  );
  const address = await listen(server);
  const held = { tls: { ca: first.cert, ...second, serverName: "inner", insecureSkipTLSVerify: false } };
  const pods = (await toKubeConfig(credentialsOf(`https://${address}`, held))).makeApiClient(CoreV1Api);
  await pods.listPodForAllNamespaces();

  server.setSecureContext({ ...second, requestCert: true, ca: [first.cert, second.cert] } as object);
  await expect(pods.listPodForAllNamespaces()).rejects.toThrow();
  held.tls = { ca: second.cert, ...first, serverName: "localhost", insecureSkipTLSVerify: false };
  await pods.listPodForAllNamespaces();
  expect(seen).toEqual([
    { subject: "second", name: "inner" },
    { subject: "first", name: "localhost" },
  ]);
});

test("an unknown authority is refused, unless verification is off", async () => {
  const server = createHttpsServer(first, (_, response) => {
    response.setHeader("content-type", "application/json").end(emptyList);
  });
  const address = `https://${await listen(server)}`;
  const listWith = async (tls: TlsCredentials) =>
    (await toKubeConfig(credentialsOf(address, { tls }))).makeApiClient(CoreV1Api).listPodForAllNamespaces();
  await expect(listWith({ insecureSkipTLSVerify: false })).rejects.toThrow();
  await expect(listWith({ ca: second.cert, insecureSkipTLSVerify: false })).rejects.toThrow();
  expect((await listWith({ insecureSkipTLSVerify: true })).items).toEqual([]);
});

test("credentials that can't be read at the start are an error", async () => {
  const held = { token: new Error("cannot read the token file") };
  await expect(toKubeConfig(credentialsOf("http://localhost:1", held))).rejects.toThrow("cannot read the token file");
});

test("credentials that can't be read later are no unhandled rejection: the server judges the last ones", async () => {
  const { server, asked, watches, refuse } = await plainServer();
  const held: { token: string | Error } = { token: "last" };
  const config = await toKubeConfig(credentialsOf(server, held));
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => void rejections.push(reason);
  process.on("unhandledRejection", onRejection);
  onTestFinished(() => void process.off("unhandledRejection", onRejection));

  const pods = config.makeApiClient(CoreV1Api);
  const informer = makeInformer(config, "/api/v1/pods", () => pods.listPodForAllNamespaces());
  const errors: unknown[] = [];
  informer.on("error", (error: unknown) => void errors.push(error));
  await informer.start();
  await expect.poll(() => watches.size).toBe(1);
  held.token = new Error("gone");
  refuse();
  await expect.poll(() => errors, { timeout: 10_000 }).toEqual([expect.objectContaining({ statusCode: 401 })]);
  expect(asked.at(-1)).toEqual({ path: "/api/v1/pods", authorization: "Bearer last" });
  expect(rejections).toEqual([]);
});
