/** The query of a watch that begins with all pods of the app, each by itself, and marks the end of them: KEP-3157. As the operator asks. */
export function firstState(app) {
  return new URLSearchParams({
    watch: "true",
    labelSelector: `app=${app}`,
    sendInitialEvents: "true",
    resourceVersionMatch: "NotOlderThan",
    allowWatchBookmarks: "true",
  });
}
