/** Makes the request of a call from its arguments. @module */

import { AirlockError } from "../errors/airlock_error.ts";
import type { ToolArguments } from "../grants/signed_call.ts";
import type { Json } from "../protocol/json.ts";
import type { RequestPlan } from "./follow_redirects.ts";
import type { Operation } from "./operation.ts";
import type { Parameter, Place } from "./parameters.ts";
import { writeBody, type WrittenBody } from "./write_body.ts";
import { scalarText, writePairs, writeValue } from "./write_value.ts";

/** What stays as it is where a parameter allows it; what would end or divide a query does not. */
const reserved = /%(?:3A|2F|3F|5B|5D|40|21|24|27|28|29|2A|2C|3B)/g;

/**
 * The request for a call. Arguments only ever fill their places: none changes
 * the host, the path around it, or a header that is configured.
 *
 * @param configured Headers of the configuration; they win over all others.
 * @throws {AirlockError} `invalid_arguments`, where a value cannot be sent.
 */
export function buildRequest(
  { method, path, base, parameters, body, bodyPlace, accept }: Operation,
  args: ToolArguments,
  configured: Readonly<Record<string, string>>,
): RequestPlan {
  const given = (place: Place) =>
    parameters.filter((parameter) => parameter.place === place)
      .flatMap((parameter) => {
        const value = Object.hasOwn(args, parameter.argument)
          ? args[parameter.argument]
          : undefined;
        return value === undefined ? [] : [{ parameter, value }];
      });
  const url = new URL(base);
  url.pathname = fillPath(base, path, given("path"));
  url.search = [base.search.slice(1), ...given("query").flatMap((each) => queryOf(each, base))]
    .filter((part) => part !== "").join("&");
  url.hash = "";

  const headers = new Headers({ accept });
  for (const { parameter, value } of given("header")) setHeader(headers, parameter, value);
  const cookies = given("cookie").flatMap(cookieOf);
  assertFree(cookies, new Headers(configured).get("cookie") ?? "");
  if (cookies.length > 0) headers.set("cookie", cookies.join("; "));
  const written = body === undefined ? undefined : bodyOf(body, bodyPlace, parameters, args);
  if (written?.contentType !== undefined) headers.set("content-type", written.contentType);
  for (const [name, value] of Object.entries(configured)) {
    const isJoined = name.toLowerCase() === "cookie" && headers.has("cookie");
    headers.set(name, isJoined ? `${value}; ${headers.get("cookie")}` : value);
  }
  return { url, method, headers, ...(written !== undefined && { body: written.body }) };
}

/** A parameter and the value that it was given. */
interface Given {
  readonly parameter: Parameter;
  readonly value: Json;
}

function fillPath(base: URL, template: string, given: readonly Given[]): string {
  const filled = template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const found = given.find(({ parameter }) => parameter.name === name);
    if (found === undefined) throw unusable(name, "is missing");
    const { parameter, value } = found;
    const text = parameter.isJson
      ? encodeUrl(JSON.stringify(value))
      : writeValue(name, value, { ...parameter, encode: encodeUrl });
    if (value === null || text === "") throw unusable(parameter.argument, "is empty");
    return text;
  });
  // No way of writing them keeps these from being taken for a step in the path.
  if (filled.split("/").some((segment) => /^(\.|%2e){1,2}$/i.test(segment))) {
    const dots = given.find(({ value }) => /^\.+$/.test(scalarText(value)));
    throw unusable(dots?.parameter.argument ?? "path", "would lead out of its place in the path");
  }
  return `${base.pathname.replace(/\/$/, "")}${filled}`;
}

function queryOf({ parameter, value }: Given, base: URL): string[] {
  const { argument, name, isJson, allowReserved } = parameter;
  const encode = allowReserved
    ? (text: string) => encodeUrl(text).replace(reserved, (sign) => decodeURIComponent(sign))
    : encodeUrl;
  if (value === null) return [];
  if (isJson) return [`${encodeUrl(name)}=${encode(JSON.stringify(value))}`];
  const pairs = writePairs(name, value, { ...parameter, encode });
  // An object that is spread over the query must not stand in for what is configured there.
  if (pairs.some(([key]) => base.searchParams.has(decodeURIComponent(key)))) {
    throw unusable(argument, "has a name that is taken");
  }
  return pairs.map((pair) => pair.join("="));
}

function cookieOf({ parameter, value }: Given): string[] {
  const { name, isJson } = parameter;
  if (value === null) return [];
  if (isJson) return [`${encodeUrl(name)}=${encodeUrl(JSON.stringify(value))}`];
  return writePairs(name, value, { ...parameter, encode: encodeUrl })
    .map((pair) => pair.join("="));
}

/** Nor must one that is spread over the cookies. */
function assertFree(cookies: readonly string[], configured: string): void {
  const taken = configured.split(";").map((pair) => pair.split("=", 1)[0].trim());
  const clash = cookies.map((pair) => pair.split("=", 1)[0]).find((name) => taken.includes(name));
  if (clash !== undefined) throw unusable(clash, "has a name that is taken");
}

function setHeader(headers: Headers, parameter: Parameter, value: Json): void {
  const { argument, name, isJson } = parameter;
  if (value === null) return;
  const text = isJson
    ? JSON.stringify(value)
    : writeValue(name, value, { ...parameter, encode: (plain) => plain });
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
    throw unusable(argument, "has characters that no header can hold");
  }
  headers.set(name, text);
}

function bodyOf(
  body: NonNullable<Operation["body"]>,
  place: Operation["bodyPlace"],
  parameters: readonly Parameter[],
  args: ToolArguments,
): WrittenBody | undefined {
  const value = bodyValue(body, place, parameters, args);
  if (value === undefined) return undefined;
  try {
    return writeBody(body, value);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new AirlockError("invalid_arguments", `Cannot send the arguments: ${cause.message}`, {
      cause,
    });
  }
}

function bodyValue(
  { required }: NonNullable<Operation["body"]>,
  place: Operation["bodyPlace"],
  parameters: readonly Parameter[],
  args: ToolArguments,
): Json | undefined {
  switch (place.kind) {
    case "none":
      return undefined;
    case "whole":
      return Object.hasOwn(args, place.argument) ? args[place.argument] : undefined;
    case "spread": {
      const taken = new Set(parameters.map(({ argument }) => argument));
      const members = Object.entries(args).filter(([name]) => !taken.has(name));
      return members.length > 0 || required ? Object.fromEntries(members) : undefined;
    }
    default:
      return place satisfies never;
  }
}

function encodeUrl(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function unusable(argument: string, state: string): AirlockError {
  const name = JSON.stringify(argument.slice(0, 200));
  return new AirlockError("invalid_arguments", `Cannot send argument ${name}: it ${state}`);
}
