import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startApiServer, writeApiServerFiles } from "./api-server.ts";
import { startEtcd } from "./etcd.ts";
import { type FindOptions, findBinary } from "./find-binary.ts";
import { onFreePort } from "./free-port.ts";
import { kubeconfig, type Login } from "./kubeconfig.ts";
import { createScratchDirectory } from "./scratch-directory.ts";
import { ADMIN, issueTokens, tokenFile, type User } from "./user.ts";

