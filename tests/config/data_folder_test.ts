import { strictEqual } from "assert";
import { chooseDataFolder } from "../../src/config/data_folder.ts";
import type { DataFolderOptions } from "../../src/config/data_folder.ts";

Deno.test("chooseDataFolder() takes the named one first, relative to the working directory", async () => {
  const folder = await choose({ named: "d", configured: "c", file: "/etc/airlock/a.json" });

  strictEqual(folder, "/nowhere/d");
});

Deno.test("chooseDataFolder() takes the configured one relative to its file", async () => {
  strictEqual(await choose({ configured: "../c", file: "/etc/airlock/a.json" }), "/etc/c");
});

Deno.test("chooseDataFolder() takes .airlock beside the configuration file", async () => {
  const folder = await choose({ file: "/etc/airlock/a.json", preferred: "/checkout/.airlock" });

  strictEqual(folder, "/etc/airlock/.airlock");
});

Deno.test("chooseDataFolder() without a file takes .airlock where it is, else the preferred one", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    const before = await choose({ cwd, preferred: "/checkout/.airlock" });
    await Deno.mkdir(`${cwd}/.airlock`);
    const after = await choose({ cwd, preferred: "/checkout/.airlock" });

    strictEqual(before, "/checkout/.airlock");
    strictEqual(after, `${cwd}/.airlock`);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("chooseDataFolder() at last takes the platform's folder for the user's data", async () => {
  const HOME = "/home/ann";
  const environment = { HOME, LOCALAPPDATA: "/local" };
  const xdg = { HOME, XDG_DATA_HOME: "/xdg" };
  const relative = { HOME, XDG_DATA_HOME: "xdg" };

  strictEqual(await choose({ environment }), "/home/ann/.local/share/airlock");
  strictEqual(await choose({ environment: xdg }), "/xdg/airlock");
  strictEqual(await choose({ environment: relative }), "/home/ann/.local/share/airlock");
  strictEqual(
    await choose({ environment, platform: "darwin" }),
    "/home/ann/Library/Application Support/airlock",
  );
  strictEqual(await choose({ environment, platform: "windows" }), "/local/airlock");
  strictEqual(await choose({}), "/nowhere/.airlock");
});

function choose(options: Partial<DataFolderOptions>): Promise<string> {
  return chooseDataFolder({ cwd: "/nowhere", environment: {}, platform: "linux", ...options });
}
