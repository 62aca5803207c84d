/** A ConfigMap: one write of it is in flight, and what changes meanwhile goes with the next. A write that fails ends the process. */
export function createShard(api, name, exists) {
  let isThere = exists;
  let isWriting = false;
  /** The lines to write, by pod; null where it is gone. */
  let pending = {};

  async function write(data) {
    if (isThere) {
      await api.send("PATCH", `/configmaps/${name}`, "application/merge-patch+json", JSON.stringify({ data }));
      return;
    }
    const body = {
      metadata: { name },
      data: Object.fromEntries(Object.entries(data).filter(([, line]) => line !== null)),
    };
    await api.send("POST", "/configmaps", "application/json", JSON.stringify(body));
    isThere = true;
  }

  return {
    /** Says what the line of a pod is to be; it's written once `wake` is called. */
    set: (pod, line) => void (pending[pod] = line),
    async wake() {
      if (isWriting) return;
      isWriting = true;
      while (Object.keys(pending).length > 0) {
        const data = pending;
        pending = {};
        await write(data);
      }
      isWriting = false;
    },
  };
}
