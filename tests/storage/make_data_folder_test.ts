import { deepStrictEqual, strictEqual } from "assert";
import { AirlockError } from "../../src/errors/airlock_error.ts";
import { dataFolderError, makeDataFolder } from "../../src/storage/make_data_folder.ts";

Deno.test("makeDataFolder() makes the whole path, and leaves a folder that exists as it is", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const data = `${folder}/a/b`;
    await makeDataFolder(data);
    await Deno.chmod(data, 0o750);
    await makeDataFolder(data);

    strictEqual((Deno.statSync(data).mode ?? 0) & 0o777, 0o750);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("dataFolderError() says the cause in plain words, and keeps it", () => {
  const readOnly = Object.assign(new Error("os error 30: mkdir '/x'"), { code: "EROFS" });
  const causes = [
    new Deno.errors.NotCapable(),
    new Deno.errors.PermissionDenied(),
    new Deno.errors.NotFound(),
    readOnly,
    new TypeError("secret"),
    "thrown",
  ];

  const errors = causes.map((cause) => dataFolderError("/x", cause));

  deepStrictEqual(errors.map(({ message }) => message.replace(/^.*": /, "")), [
    "the program was not given the right to it",
    "permission denied",
    "part of its path does not exist",
    "the file system is read-only",
    "TypeError",
    "unknown failure",
  ]);
  deepStrictEqual(errors.map(({ cause }) => cause), causes);
});

Deno.test("dataFolderError() leaves an error alone that says it already", () => {
  const error = new AirlockError("unavailable", "Cannot open it");

  strictEqual(dataFolderError("/x", error), error);
});
