/** Makes the data folder, or says in one sentence why it cannot be used. @module */

import { AirlockError } from "../errors/airlock_error.ts";

/**
 * Makes the folder and those above it, for this user only. One that exists is
 * left as it is.
 *
 * @throws {AirlockError} `unavailable`, saying why.
 */
export async function makeDataFolder(data: string): Promise<void> {
  try {
    await Deno.mkdir(data, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw dataFolderError(data, error);
  }
}

/** What to throw where something in the data folder could not be opened or written. */
export function dataFolderError(data: string, error: unknown): AirlockError {
  if (error instanceof AirlockError) return error;
  const message = `Cannot open data folder "${data}": ${describe(error)}`;
  return new AirlockError("unavailable", message, { cause: error });
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return "unknown failure";
  if (error instanceof Deno.errors.NotCapable) return "the program was not given the right to it";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.AlreadyExists) return "a file of this name is in its place";
  if (error instanceof Deno.errors.NotADirectory) return "part of its path is a file";
  if (error instanceof Deno.errors.NotFound) return "part of its path does not exist";
  if (error instanceof Deno.errors.FilesystemLoop) return "its path leads in a circle";
  switch ("code" in error ? error.code : undefined) {
    case "EROFS":
      return "the file system is read-only";
    case "ENOSPC":
      return "no space left";
    case "ENAMETOOLONG":
      return "its name is too long";
    default:
      return error.name === "Error" ? "unknown failure" : error.name;
  }
}
