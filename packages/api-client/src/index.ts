export { ApiError } from "./api-error.ts";
export { createBackoff } from "./backoff.ts";
export { browse } from "./browse/browse.ts";
export { connect } from "./client.ts";
export { meansOf } from "./means.ts";
export { isUntrusted } from "./network-error.ts";
export { contactBound } from "./contact-bound.ts";
export { createConnection, defaultProbeAfterMs } from "./connection.ts";
export { serverAddress } from "./server-address.ts";
export { tlsOptions } from "./tls-options.ts";
export { discover } from "./discovery/discover.ts";
export { findResource, resourceOf } from "./discovery/finder.ts";
export { systemClock, systemRandom } from "./clock.ts";
export { inline, many, message, one } from "./protobuf/message.ts";
export {
  configMaps,
  customResourceDefinitions,
  describeResource,
  events,
  namespaces,
  nodes,
  pods,
  resourcePath,
} from "./resource.ts";

export type { ApiErrorContext, ApiErrorDetails } from "./api-error.ts";
export type { Backoff, BackoffOptions } from "./backoff.ts";
export type { Browsed, BrowseOptions } from "./browse/browse.ts";
export type {
  Answer,
  DocumentAnswer,
  GroupsAnswer,
  ListAnswer,
  ObjectAnswer,
  PathsAnswer,
  ResourcesAnswer,
  TextAnswer,
  VersionsAnswer,
} from "./browse/answer.ts";
export type {
  ApiClient,
  ConnectOptions,
  DeleteOptions,
  ObjectOptions,
  ObjectRef,
  PatchOptions,
  RequestOptions,
  WriteOptions,
} from "./client.ts";
export type { Clock } from "./clock.ts";
export type { ContactKind } from "./contact-bound.ts";
export type { Connection, ConnectionOptions } from "./connection.ts";
export type {
  DiscoveredGroup,
  DiscoveredResource,
  DiscoveredSubresource,
  DiscoveredVersion,
  Discovery,
  UnavailableVersion,
} from "./discovery/discovery.ts";
export type { DiscoverOptions } from "./discovery/discover.ts";
export type { ApiGroup, ApiResources } from "./discovery/documents.ts";
export type { ApiErrorCode } from "./error-code.ts";
export type { KubernetesObject, ObjectMeta, OwnerReference } from "./kubernetes-object.ts";
export type { ListOptions, ListPage, Selection } from "./list.ts";
export type { PatchType } from "./media-type.ts";
export type { Field, MessageSchema } from "./protobuf/message.ts";
export type { Resource, ResourceRef } from "./resource.ts";
export type { ServerAddress } from "./server-address.ts";
export type { TlsOptions } from "./tls-options.ts";
export type { StatusCause } from "./status.ts";
export type { Means } from "./means.ts";
export type { Method } from "./transport.ts";
export type { WatchEvent, WatchOptions } from "./watch-options.ts";

// for tests
export { fakeClock } from "./fake-clock.ts";
export type { FakeClock } from "./fake-clock.ts";
