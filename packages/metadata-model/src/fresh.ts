import { type Condition, type Finding, standingFindings } from "./condition.ts";

/** That a watch, on which a mirror depends, follows the API server no longer. */
export interface Staleness {
  /** The plural of the resource, and the namespace, "" for all or where there are none. */
  readonly resource: string;
  readonly namespace: string;
  /** When it last proved to follow, RFC 3339; undefined where it never did. */
  readonly lastContact: string | undefined;
  /** What it met, in the words of the error. */
  readonly fault: string;
}

/** The Fresh condition. It says the same for as long as it doesn't turn: that a watch is in contact is no news. */
export function freshFinding(stale: Staleness | undefined): Finding {
  if (stale === undefined) {
    const message = "every watch that the mirror depends on follows the API server";
    return { type: "Fresh", status: "True", reason: "UpToDate", message };
  }
  const { resource, namespace, lastContact, fault } = stale;
  const where = namespace === "" ? "" : ` in namespace ${namespace}`;
  const since = lastContact === undefined ? "never told anything" : `has told nothing since ${lastContact}`;
  const message = `the watch of ${resource}${where} ${since}, so the ConfigMaps may be out of date: ${fault}. It is tried again all the time: see that the operator may list and watch ${resource}${where}, and that nothing holds its connections to the API server up`;
  return { type: "Fresh", status: "False", reason: "Stale", message };
}

const unplanned: Finding = {
  type: "Ready",
  status: "Unknown",
  reason: "Progressing",
  message: "nothing is written before all pods that the mirror selects from are known",
};

/** The findings of a mirror that can't be planned, since a watch doesn't tell what it needs: what was found last stands, if anything was. */
export function unplannedFindings(before: readonly Condition[], stale: Staleness): readonly Finding[] {
  const standing = standingFindings(before).filter(({ type }) => type !== "Fresh");
  return [...(standing.length === 0 ? [unplanned] : standing), freshFinding(stale)];
}
