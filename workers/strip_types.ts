/** Removes TypeScript's types, keeping or mapping every place. @module */

/** A place in a text; lines and columns count from 1. */
export interface Place {
  line: number;
  column: number;
}

/** Code that cannot be read, and where. */
export class SyntaxFault extends Error {
  override readonly name = "SyntaxFault";
  constructor(message: string, readonly place?: Place) {
    super(message);
  }
}

/** JavaScript, and where its places come from. */
export interface Stripped {
  js: string;
  /** The place in the TypeScript; the same one where nothing was moved. */
  origin(place: Place): Place;
}

const { stripTypeScriptTypes, SourceMap } = process.getBuiltinModule("module");
const mapComment = "\n//# sourceMappingURL=data:application/json;base64,";

/**
 * Strips the types of a program, in place where that is possible; enums and
 * namespaces need the mode that moves code, whose source map is then used.
 *
 * @throws {SyntaxFault} Where the code is not TypeScript.
 */
export function stripTypes(code: string): Stripped {
  try {
    return { js: stripTypeScriptTypes(code), origin: (place) => place };
  } catch {
    // Strip mode refuses what it cannot blank, and says neither what nor where.
    return transformTypes(code);
  }
}

function transformTypes(code: string): Stripped {
  const text = transform(code);
  const end = text.lastIndexOf(mapComment);
  const map = new SourceMap(JSON.parse(atob(text.slice(end + mapComment.length))));
  return {
    js: text.slice(0, end),
    origin({ line, column }) {
      const entry = map.findEntry(line - 1, column - 1);
      if (!("originalLine" in entry)) return { line, column };
      return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
    },
  };
}

function transform(code: string): string {
  try {
    return stripTypeScriptTypes(code, { mode: "transform", sourceMap: true });
  } catch (error) {
    throw toFault(error);
  }
}

/** Reads "SyntaxError: what\n | excerpt\n at file:///….ts:1:12" of the transformer. */
function toFault(error: unknown): SyntaxFault {
  const text = error instanceof Error ? error.message : "the code cannot be read";
  const [first] = text.replace(/^\w*Error: /, "").split("\n");
  const message = first.replace(/ at file:\/\/\S+$/, "");
  const place = /:(\d+):(\d+)\s*$/.exec(text);
  return new SyntaxFault(
    message,
    place === null ? undefined : { line: Number(place[1]), column: Number(place[2]) },
  );
}
