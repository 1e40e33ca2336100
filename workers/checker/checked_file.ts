/** What a check is about. @module */

import type ts from "typescript";

/** The file that is checked, and what there is to know about its surroundings. */
export interface CheckedFile {
  file: ts.SourceFile;
  /** Name of the file that declares the tools. */
  tools: string;
  /** Namespaces that have tools which the declarations leave out. */
  open: ReadonlySet<string>;
  /** Globals that the libraries declare and the guest does not have. */
  absent: ReadonlySet<string>;
}
