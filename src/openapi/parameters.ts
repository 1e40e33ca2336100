/** Reads the parameters of an operation, and gives each the name that code uses. @module */

import { UpstreamError } from "../servers/upstream_error.ts";
import { isSendableHeader } from "./credentials.ts";
import type { Credentials } from "./credentials.ts";
import type { LocalRefs } from "./local_refs.ts";
import { asList, asPart, asText, type Part } from "./part.ts";

const maxParameters = 1_000;
const maxNameChars = 256;

const styles = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
  cookie: ["form"],
} as const;

/** Where a parameter travels. */
export type Place = keyof typeof styles;

/** How a value that is a list or an object is written. */
export type Style = (typeof styles)[Place][number];

/** One parameter. */
export interface Parameter {
  /** Its name among the arguments of the tool. */
  readonly argument: string;
  /** Its name in the request. */
  readonly name: string;
  /** Where it travels. */
  readonly place: Place;
  /** How a list or an object is written. */
  readonly style: Style;
  /** Members travel one by one. */
  readonly explode: boolean;
  /** Most signs of a URL may stand in it as they are. */
  readonly allowReserved: boolean;
  /** Its value travels as JSON text. */
  readonly isJson: boolean;
  /** Without it the request cannot be made. */
  readonly required: boolean;
  /** In the document's words. */
  readonly description?: string;
  /** As it stands in the document. */
  readonly schema: unknown;
}

/**
 * The parameters of a path and one of its operations, which overrides those of
 * the path. Those that carry credentials are left out: they stay in the server.
 *
 * @throws {UpstreamError} `refused`, where a parameter that must be there cannot.
 */
export function readParameters(
  lists: readonly unknown[],
  refs: LocalRefs,
  credentials: Credentials,
): Parameter[] {
  const byPlace = new Map<string, Part>();
  for (const raw of lists.flatMap((list) => asList(list, maxParameters))) {
    const part = refs.follow(raw);
    const name = asText(part?.name, maxNameChars);
    if (part === undefined || name === undefined || name === "") {
      throw new UpstreamError("refused", "a parameter has no name, or is in another document");
    }
    const id = `${String(part.in)} ${part.in === "header" ? name.toLowerCase() : name}`;
    byPlace.set(id, part);
  }
  const kept = [...byPlace.values()].flatMap((part) => readParameter(part, credentials) ?? []);
  return nameArguments(kept.slice(0, maxParameters));
}

function readParameter(part: Part, credentials: Credentials): Parameter | undefined {
  const name = String(part.name);
  const place = placeOf(part.in);
  if (place === undefined) {
    throw new UpstreamError("refused", `parameter ${JSON.stringify(name)} is in no known place`);
  }
  const required = part.required === true || place === "path";
  if (credentials.reserves(place, name)) {
    if (required && !credentials.covers(place, name)) {
      const where = `${place} ${JSON.stringify(name)}`;
      throw new UpstreamError("needs_auth", `it needs ${where}, which is not configured`);
    }
    return undefined;
  }
  if (place === "header" && !isSendableHeader(name)) return undefined;
  const style = styles[place].find((known) => known === part.style) ?? styles[place][0];
  const content = Object.entries(asPart(part.content) ?? {}).at(0);
  const description = asText(part.description, 65_536);
  return {
    argument: name,
    name,
    place,
    style,
    explode: typeof part.explode === "boolean" ? part.explode : style === "form",
    allowReserved: part.allowReserved === true,
    isJson: content !== undefined && /json/i.test(content[0]),
    required,
    ...(description !== undefined && { description }),
    schema: content === undefined ? part.schema : asPart(content[1])?.schema,
  };
}

function placeOf(value: unknown): Place | undefined {
  return value === "path" || value === "query" || value === "header" || value === "cookie"
    ? value
    : undefined;
}

/** Of several parameters with one name, the one in the path keeps it; others get their place before it. */
function nameArguments(parameters: readonly Parameter[]): Parameter[] {
  const order: readonly Place[] = ["path", "query", "header", "cookie"];
  const taken = new Set<string>();
  return order.flatMap((place) =>
    parameters.filter((parameter) => parameter.place === place).map((parameter) => {
      let argument = parameter.name;
      while (taken.has(argument)) argument = `${place}_${argument}`;
      taken.add(argument);
      return { ...parameter, argument };
    })
  );
}
