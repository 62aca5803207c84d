import { expect, test } from "vitest";
import { first } from "../test/certificates.ts";
import { folderOf } from "../test/kubeconfig-folder.ts";
import { readAuthorityFile, readTokenFile } from "./credential-file.ts";

test("a token is read without the white space around it", async () => {
  await using folder = await folderOf({ token: " secret\n" });
  expect(await readTokenFile(folder.path("token"))).toBe("secret");
});

test("an authority is read as it is", async () => {
  await using folder = await folderOf({ "ca.crt": first.cert });
  expect(await readAuthorityFile(folder.path("ca.crt"))).toBe(first.cert);
});

test("a file that is missing, empty or half written is an error that names it", async () => {
  await using folder = await folderOf({ empty: " \n", half: first.cert.slice(0, 300) });
  await expect(readTokenFile(folder.path("absent"))).rejects.toThrow(
    `cannot read the token file ${folder.path("absent")} (ENOENT): it must be there`,
  );
  await expect(readTokenFile(folder.path("empty"))).rejects.toThrow(`the token file ${folder.path("empty")} is empty`);
  await expect(readAuthorityFile(folder.path("absent"))).rejects.toThrow(
    `cannot read the authority file ${folder.path("absent")} (ENOENT)`,
  );
  await expect(readAuthorityFile(folder.path("half"))).rejects.toThrow(
    `the authority file ${folder.path("half")} holds no PEM certificate`,
  );
});
