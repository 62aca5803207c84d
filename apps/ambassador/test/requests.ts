import { chunks, get, json, localhost, raw, request, type SuiteRequest, sized } from "./suite-request.ts";

const inDefault = "/api/v1/namespaces/default";
const dryRun = `POST ${inDefault}/configmaps?dryRun=All`;
const object = (name: string): string => JSON.stringify({ metadata: { name }, data: { a: "ä" } });
const websocket = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];
const spdy = ["Connection: Upgrade", "Upgrade: SPDY/3.1"];

/** Requests whose answers are to be equal through kubectl proxy and the ambassador, apart from the differences that are meant. */
export const suite: readonly SuiteRequest[] = [
  // browsing, lists, and what is not there
  ...[
    "/",
    "/api",
    "/apis",
    "/api/v1",
    "/api/v1/",
    "/apis/batch/v1",
    "/apis/batch/v1/jobs",
    "/version",
    "/openapi/v3",
  ].map(get),
  ...["/readyz", "/healthz?verbose", "/nope", "/apis/nope/v1", inDefault, `${inDefault}/configmaps/none`].map(get),
  get(`${inDefault}/configmaps?limit=2`),
  get(`${inDefault}/configmaps?labelSelector=app%3Dweb%2Ctier%21%3Dcache&fieldSelector=metadata.name%3Dx`),
  get(`${inDefault}/configmaps?labelSelector=a%3D%3D%3D`),
  get(`${inDefault}/configmaps?x=%zz;y&&=`),
  raw("a list that fills many packets", request("GET /api/v1/namespaces/large/configmaps"), "compression", {
    only: "headers",
  }),
  raw("the same, compressed", request("GET /api/v1/namespaces/large/configmaps", ["Accept-Encoding: gzip"])),
  raw("a table", request(`GET ${inDefault}/configmaps`, ["Accept: application/json;as=Table;g=meta.k8s.io;v=v1"])),
  raw("protobuf", request(`GET ${inDefault}`, ["Accept: application/vnd.kubernetes.protobuf"])),
  raw("a media type that there is not", request(`GET ${inDefault}`, ["Accept: image/png"])),
  raw(
    "aggregated discovery",
    request("GET /apis", ["Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"]),
  ),
  raw("a body with a GET", sized(`GET ${inDefault}`, "{}")),
  // what changes something, and methods that are not allowed there
  raw("a dry run of a create", sized(dryRun, object("sized"))),
  raw(
    "the same, chunked",
    request(
      dryRun,
      [json, "Transfer-Encoding: chunked"],
      chunks(object("chunked").slice(0, 20), object("chunked").slice(20)),
    ),
  ),
  raw("the same, after 100 Continue", sized(dryRun, object("expected"), "Expect: 100-continue")),
  raw(
    "a create of a megabyte",
    sized(dryRun, JSON.stringify({ metadata: { name: "big" }, data: { a: "x".repeat(1_000_000) } })),
    "compression",
    { only: "headers" },
  ),
  raw(
    "a create that is too large",
    sized(dryRun, JSON.stringify({ metadata: { name: "big" }, data: { a: "x".repeat(1_100_000) } })),
  ),
  raw("a create that is invalid", sized(dryRun, object("Not a name"))),
  raw("a create that is no JSON", sized(dryRun, "{")),
  raw(
    "a create of who does not say who it is",
    sized(dryRun, object("anonymous")).replace("User-Agent: suite\r\n", ""),
    "userAgent",
    { only: "text" },
  ),
  raw(
    "a merge patch",
    request(`PATCH ${inDefault}?dryRun=All`, ["Content-Type: application/merge-patch+json", "Content-Length: 2"], "{}"),
  ),
  raw("a delete of nothing", request(`DELETE ${inDefault}/configmaps/none`)),
  raw("an object of another type", sized("POST /apis/batch/v1/namespaces/default/jobs", object("x"))),
  ...[
    "PUT /api/v1/namespaces",
    "DELETE /version",
    "POST /version",
    "OPTIONS /api",
    "TRACE /api",
    `HEAD ${inDefault}`,
    "HEAD /version",
    "HEAD /nope",
  ].map((line) => raw(line, request(line))),
  raw("FOO /api", request("FOO /api"), "methods", { status: 400 }),
  // whom it is for
  ...["localhost:1234", "127.0.0.1", "127.0.0.1:8001", "[::1]"].map((host) =>
    raw(`Host: ${host}`, `GET /api HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
  ),
  ...["example.com", "LOCALHOST", "localhost.", "10.0.0.1", "", "::1"].map((host) =>
    raw(`Host: ${host || "(empty)"}`, `GET /api HTTP/1.1\r\nHost: ${host}\r\n\r\n`, "ownWords"),
  ),
  raw("Host: [::1]:8001", "GET /api HTTP/1.1\r\nHost: [::1]:8001\r\n\r\n", "bracketedHost", { status: 200 }),
  raw("no Host", "GET /api HTTP/1.1\r\n\r\n", "ownWords"),
  raw("two Hosts", "GET /api HTTP/1.1\r\nHost: localhost\r\nHost: example.com\r\n\r\n", "ownWords"),
  raw("a target with its host", request("GET http://localhost/api")),
  raw(
    "a target with its host, which goes before Host",
    "GET http://127.0.0.1:1/api HTTP/1.1\r\nHost: example.com\r\n\r\n",
  ),
  raw("a target with another host", request("GET http://example.com/api"), "ownWords"),
  raw("a target with its host and no path", request("GET http://localhost")),
  // paths
  ...["/api/../api/v1", "//api/v1", "/api/v1//namespaces", "/./api", "/api/v1/..", "/..", "/api/../../apis?x=1"].map(
    get,
  ),
  raw("a POST to /api/../x", request("POST /api/../x", ["Content-Length: 0"])),
  ...[
    "/%61pi/v1",
    "/api%2Fv1",
    `${inDefault}/configmaps/a%20b`,
    "/api/%e4",
    "/api/%C3%A4",
    "/api#x",
    "/API",
    "/api/v1;x=1",
  ].map(get),
  raw("GET /api/%2e%2e/api", request("GET /api/%2e%2e/api"), "encodedDots", { status: 400 }),
  raw("GET /api/%zz", request("GET /api/%zz"), "ownWords"),
  raw("a path of 5001 characters", request(`GET /${"a".repeat(5000)}`), "longPath", { status: 414 }),
  raw("a path that is none", request("GET api")),
  raw("a space in a path", request("GET /a b")),
  raw("a byte beyond ASCII in a path", request("GET /\xe4"), "strictSyntax", { status: 400 }),
  raw("OPTIONS *", request("OPTIONS *"), "optionsStar", { status: 400 }),
  raw("CONNECT localhost:443", request("CONNECT localhost:443"), "connect", { status: 400 }),
  raw("CONNECT /api", request("CONNECT /api"), "connect", { status: 400 }),
  // exec and attach
  ...["exec", "attach", "%65xec", "exec/", "exec?command=sh"].map((subresource) =>
    raw(`GET …/pods/a/${subresource}`, request(`GET ${inDefault}/pods/a/${subresource}`), "ownWords"),
  ),
  raw("GET …/pods/a%2Fexec", request(`GET ${inDefault}/pods/a%2Fexec`), "ownWords"),
  raw("GET …/pods/a/proxy%0D/exec", request(`GET ${inDefault}/pods/a/proxy%0D/exec`), "ownWords"),
  raw("GET …/pods/a/proxy%0A/exec", request(`GET ${inDefault}/pods/a/proxy%0A/exec`), "lineEnds", { status: 403 }),
  raw("POST …/pods/a/exec", request(`POST ${inDefault}/pods/a/exec`, ["Content-Length: 0"]), "ownWords"),
  raw("exec by SPDY", request(`POST ${inDefault}/pods/a/exec`, spdy), "ownWords"),
  raw("exec by WebSocket", request(`GET ${inDefault}/pods/a/exec`, websocket), "ownWords"),
  // other protocols
  raw("port-forward of no pod", request(`POST ${inDefault}/pods/none/portforward`, spdy)),
  raw(
    "a watch by WebSocket",
    request(`GET ${inDefault}/configmaps?watch=true&timeoutSeconds=1`, [...websocket, "Origin: http://localhost"]),
  ),
  raw("a WebSocket without an origin", request(`GET ${inDefault}/configmaps?watch=true&timeoutSeconds=1`, websocket)),
  raw("a WebSocket where there is none", request("GET /version", websocket), "ignoredUpgrade", { status: 200 }),
  raw(
    "an offer of h2c",
    request("GET /version", [
      "Connection: Upgrade, HTTP2-Settings",
      "Upgrade: h2c",
      "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
    ]),
    "ignoredUpgrade",
    { status: 200 },
  ),
  // connections
  raw("Connection: close", request("GET /version", ["Connection: close"])),
  raw("HTTP/1.0", `GET /version HTTP/1.0\r\n${localhost}\r\n`, "http10", { only: "version" }),
  raw("HTTP/1.0, kept alive", `GET /version HTTP/1.0\r\n${localhost}Connection: keep-alive\r\n\r\n`, "http10", {
    only: "version",
  }),
  raw("HTTP/1.0, a body without a length", `GET /apis HTTP/1.0\r\n${localhost}\r\n`, "http10", { only: "version" }),
  raw("HTTP/1.0 without a Host", "GET /version HTTP/1.0\r\n\r\n", "ownWords"),
  raw("HTTP/1.2", `GET /version HTTP/1.2\r\n${localhost}\r\n`, "unknownVersion", { status: 400 }),
  raw("HTTP/2.0", `GET /version HTTP/2.0\r\n${localhost}\r\n`, "ownWords"),
  raw("an expectation that nobody knows", request("GET /api", ["Expect: wonders"]), "expectation", { only: "closed" }),
  // conditions
  raw("If-None-Match of another", request("GET /openapi/v2", ['If-None-Match: "x"'])),
  raw("If-None-Match of any", request("GET /openapi/v2", ["If-None-Match: *"])),
  raw(
    "If-Modified-Since of long ago",
    request("GET /openapi/v2", ["If-Modified-Since: Mon, 01 Jan 2001 00:00:00 GMT"]),
  ),
  raw("a range", request("GET /openapi/v2", ["Range: bytes=0-9"])),
  // proof
  raw("a token of the client's own that is wrong", request("GET /api", ["Authorization: Bearer nope"])),
  raw("someone to act as", request("GET /apis/authentication.k8s.io/v1", ["Impersonate-User: jane"])),
  raw("acting as who may not", request(`GET ${inDefault}/secrets`, ["Impersonate-User: jane"])),
  // smuggling
  raw(
    "Content-Length twice, equal",
    request(dryRun, [json, "Content-Length: 2", "Content-Length: 2"], "{}"),
    "strictSyntax",
    { status: 400 },
  ),
  raw("Content-Length twice, unequal", request(dryRun, [json, "Content-Length: 2", "Content-Length: 3"], "{} ")),
  raw("Content-Length: 2, 2", request(dryRun, ["Content-Length: 2, 2"], "{}")),
  raw("Content-Length: -1", request(dryRun, ["Content-Length: -1"])),
  raw("Content-Length: +2", request(dryRun, ["Content-Length: +2"], "{}")),
  raw("Content-Length: 0x2", request(dryRun, ["Content-Length: 0x2"], "{}")),
  raw(
    "Content-Length and chunked",
    request(dryRun, [json, "Content-Length: 5", "Transfer-Encoding: chunked"], chunks("{}")),
    "strictSyntax",
    { status: 400 },
  ),
  raw("Transfer-Encoding: xchunked", request(dryRun, ["Transfer-Encoding: xchunked"], chunks()), "ownWords"),
  raw("Transfer-Encoding: gzip, chunked", request(dryRun, ["Transfer-Encoding: gzip, chunked"], chunks()), "ownWords"),
  raw("Transfer-Encoding : chunked", request(dryRun, ["Transfer-Encoding : chunked"], chunks()), "parserWords", {
    only: "text",
  }),
  raw(
    "a chunk whose size is none",
    request(dryRun, [json, "Transfer-Encoding: chunked"], "zz\r\n{}\r\n0\r\n\r\n"),
    "brokenBody",
    { status: 400 },
  ),
  raw("a space before a colon", request("GET /api", ["X-A : b"]), "parserWords", { only: "text" }),
  raw("a folded header", request("GET /api", ["X-A: b\r\n c"]), "strictSyntax", { status: 400 }),
  raw("a NUL in a header", request("GET /api", ["X-A: b\0c"])),
  raw("lines that end with LF alone", "GET /api HTTP/1.1\nHost: localhost\n\n", "strictSyntax", { status: 400 }),
  raw("no HTTP", "hello\r\n\r\n"),
  raw("TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
  raw("100 kB of headers", request("GET /api", [`X-Big: ${"a".repeat(100_000)}`])),
  raw("too many bytes of headers", request("GET /api", [`X-Big: ${"a".repeat(1_100_000)}`])),
];
