/** What the ambassador means to do otherwise than kubectl proxy: the rows of the table in docs/api-server.md. */
export const differences = {
  ownWords: {
    kubectl: "refuses with the text `Forbidden`, `404 page not found` or `400 Bad Request`",
    ambassador: "refuses with the same status and a `Status` object that says why, and by which flag",
    why: "client libraries show its message; text they can't read",
  },
  encodedDots: {
    kubectl: "sends a path with an encoded `.` or `..` on as it is",
    ambassador: "400",
    why: "what the filter judged would depend on who decodes the path first",
  },
  lineEnds: {
    kubectl: "takes an encoded LF in a path for what no dot of a pattern matches, and lets `…/pods%0A/x/exec` through",
    ambassador: "403",
    why: "what a pattern is to reject should not hide behind a line end",
  },
  longPath: {
    kubectl: "takes a path of any length",
    ambassador: "414 past 4096 characters",
    why: "a pattern may take time by the square of the path; no path of the API is as long",
  },
  bracketedHost: {
    kubectl: "refuses `Host: [::1]:8001`, though it means to accept `[::1]`",
    ambassador: "accepts it",
    why: "a port does not make it another host",
  },
  methods: {
    kubectl: "sends methods that HTTP does not know on, and the API server answers 405",
    ambassador: "400",
    why: "Node's HTTP parser knows the registered methods only",
  },
  strictSyntax: {
    kubectl:
      "repairs doubled equal `Content-Length`, `Content-Length` beside `Transfer-Encoding`, folded header lines, bare LF, raw bytes beyond ASCII in a path",
    ambassador: "400, and the connection ends",
    why: "what two parsers may read differently is how requests are smuggled; no HTTP library sends any of it",
  },
  parserWords: {
    kubectl: "says which part of a request it could not parse, as in `400 Bad Request: invalid header name`",
    ambassador: "`400 Bad Request`",
    why: "Node's HTTP parser tells less",
  },
  brokenBody: {
    kubectl: "500 for a chunk whose size is none",
    ambassador: "400, and the connection ends",
    why: "the fault is the client's",
  },
  compression: {
    kubectl:
      "asks the API server for gzip, and unpacks it for a client that did not: hence `Vary: Accept-Encoding` without being asked",
    ambassador: "asks for what the client asks for",
    why: "the client is on the same host, and unpacking costs the sidecar CPU",
  },
  userAgent: {
    kubectl: "introduces a client that has no `User-Agent` as kubectl",
    ambassador: "introduces it as `metadata-mirror-ambassador`",
    why: "the API server's audit log and `managedFields` should say what it was",
  },
  unknownVersion: {
    kubectl: "takes HTTP/1.2 for HTTP/1.1",
    ambassador: "400",
    why: "there is no such version",
  },
  optionsStar: {
    kubectl: "answers `OPTIONS *` itself, with 200",
    ambassador: "400",
    why: "it asks about the ambassador, not about the API",
  },
  connect: {
    kubectl: "404 for `CONNECT`",
    ambassador: "400",
    why: "its target is no path",
  },
  ignoredUpgrade: {
    kubectl: "500 where the API server answers an `Upgrade` with an ordinary 200, as curl's `--http2` meets",
    ambassador: "passes the 200 on",
    why: "a server may ignore the offer of another protocol (RFC 9110, 7.8)",
  },
  http10: {
    kubectl: "answers a request of HTTP/1.0 as HTTP/1.0",
    ambassador: "as HTTP/1.1",
    why: "a server tells its own version (RFC 9110, 2.5)",
  },
  expectation: {
    kubectl: "ends the connection after 417",
    ambassador: "keeps it",
    why: "the request was whole",
  },
} as const satisfies Record<string, { kubectl: string; ambassador: string; why: string }>;

export type Difference = keyof typeof differences;
