// Specs of mirrors that are right but for one thing, as people write them.

export const item = (fieldPath: string, path = "x") => ({ path, fieldRef: { fieldPath } });
export const resource = (of: string, divisor?: string | number, path = "x") => ({
  path,
  resourceFieldRef: { containerName: "main", resource: of, ...(divisor !== undefined && { divisor }) },
});
export const peers = { selector: { matchLabels: { app: "web" } } };
export const items = [item("status.podIP", "podIP")];
export const withItems = (...some: object[]) => ({ peers, items: some });
export const withSelector = (selector: object) => ({ peers: { selector }, items });
export const withPeers = (some: object) => ({ peers: { ...peers, ...some }, items });
export const withOutput = (output: object) => ({ peers, items, output });
export const withFormat = (...formats: object[]) => withOutput({ formats });
export const withKey = (key: string) => withFormat({ type: "JSON", key });
