/**
 * The contract between server and checker, the process that type-checks code
 * before it runs. It is fed hostile code: what it says is hostile until
 * `typescript/parse_checker_message.ts` has read it. @module
 */

/** Frames that a checker gets first: TypeScript's own text, then this as JSON; it says `ready`. */
export interface CheckerLibraries {
  /** File names and texts of TypeScript's default libraries. */
  libraries: Record<string, string>;
  /** The file of the libraries that names all the others. */
  main: string;
  /** What the guest has beside ECMAScript. */
  guestLib: string;
  /** Globals that the libraries declare and the guest does not have. */
  absent: string[];
}

/** Server to checker, once it is ready. They are answered in order. */
export type CheckerRequest =
  /** Keeps declarations under a key; answered by `declared`. */
  | {
    type: "declare";
    key: string;
    declarations: string;
    /** Namespaces that have tools which the declarations leave out. */
    open: string[];
  }
  | { type: "forget"; key: string }
  /** Answered by `checked` or `unreadable`. */
  | { type: "check"; key: string; code: string };

/** What something found in code is. */
export type FindingKind =
  /** TypeScript cannot read it; whether it is an error is for the host to say. */
  | "syntax"
  /** A name that nothing has. */
  | "unknown_name"
  /** A tool or a server that does not exist. */
  | "unknown_tool"
  /** A call whose arguments a tool would surely refuse. */
  | "wrong_arguments"
  /** Worth a word, no reason to refuse the code. */
  | "remark";

/** Something found in code; lines and columns count from 1, in the code as it was sent. */
export interface Finding {
  /** Whether it refuses the code. */
  kind: FindingKind;
  /** From 1, in the code as it was sent. */
  line: number;
  /** From 1. */
  column: number;
  /** What is wrong, in a sentence. */
  message: string;
  /** The name that is unknown. */
  name?: string;
  /** The tool that is called; where it is unknown, the server it is looked for in. */
  tool?: string;
}

/** Checker to server. */
export type CheckerMessage =
  | { type: "ready" }
  | { type: "declared" }
  | { type: "checked"; findings: Finding[] }
  /** The code is nested too deeply to be read. */
  | { type: "unreadable" };
