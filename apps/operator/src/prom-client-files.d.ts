// prom-client declares what its index has, not the files it is made of: here are those that process-metrics.ts imports.

declare module "prom-client/lib/metrics/*" {
  import type { Registry } from "prom-client";
  /** Registers metrics that read the process when they are asked for. */
  const register: (registry: Registry) => void;
  export default register;
}
