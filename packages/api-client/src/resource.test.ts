import { expect, test } from "vitest";
import {
  configMaps,
  customResourceDefinitions,
  describeResource,
  events,
  namespaces,
  nodes,
  pods,
  resourcePath,
} from "./resource.ts";

test.each([
  [pods, {}, "/api/v1/pods"],
  [pods, { namespace: "shop" }, "/api/v1/namespaces/shop/pods"],
  [configMaps, { namespace: "shop", name: "web" }, "/api/v1/namespaces/shop/configmaps/web"],
  [pods, { namespace: "shop", name: "web", subresource: "status" }, "/api/v1/namespaces/shop/pods/web/status"],
  [nodes, { name: "node-1" }, "/api/v1/nodes/node-1"],
  [namespaces, { name: "shop" }, "/api/v1/namespaces/shop"],
  [events, { namespace: "shop" }, "/apis/events.k8s.io/v1/namespaces/shop/events"],
  [customResourceDefinitions, {}, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"],
  [nodes, { name: "system:node?a#b" }, "/api/v1/nodes/system%3Anode%3Fa%23b"],
])("%o %o is at %s", (resource, ref, path) => {
  expect(resourcePath(resource, ref)).toBe(path);
});

test.each([
  [pods, { namespace: "", name: "web" }, '"" can\'t be part of a path'],
  [pods, { namespace: "shop", name: "" }, '"" can\'t be part of a path'],
  [pods, { namespace: "..", name: "web" }, '".." can\'t be part of a path'],
  [pods, { namespace: "shop", name: "." }, '"." can\'t be part of a path'],
  [pods, { namespace: "shop", name: "a/b" }, '"a/b" can\'t be part of a path'],
  [pods, { namespace: "shop", name: "a%2fb" }, '"a%2fb" can\'t be part of a path'],
  [pods, { namespace: "shop", name: "web", subresource: ".." }, '".." can\'t be part of a path'],
  [pods, { name: "web" }, "the namespace of pods web is missing"],
  [nodes, { namespace: "shop", name: "node-1" }, "nodes have no namespace, shop was given"],
  [pods, { namespace: "shop", subresource: "status" }, "status of which pods?"],
])("%o %o is refused", (resource, ref, message) => {
  expect(() => resourcePath(resource, ref)).toThrow(message);
});

test.each([
  [{}, "pods"],
  [{ namespace: "shop" }, "pods shop"],
  [{ namespace: "shop", name: "web", subresource: "status" }, "pods/status shop/web"],
])("messages describe %o as %s", (ref, words) => {
  expect(describeResource(pods, ref)).toBe(words);
});
