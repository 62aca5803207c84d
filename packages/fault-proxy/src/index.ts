// A test tool: what stands between a client and a real API server and does to their requests and streams what networks, load balancers and
// API servers do on their bad days. See `Fault` for what, and docs/faults.md for what is tested with it.
export { startFaultProxy } from "./fault-proxy.ts";

export type { RequestKind, Where } from "./api-request.ts";
export type { BadCertificate, Fault, RefusalCode } from "./fault.ts";
export type { FaultProxy, FaultProxyOptions } from "./fault-proxy.ts";
export type { Injection } from "./injection.ts";
