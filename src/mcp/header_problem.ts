/** Finds arguments that could not travel in HTTP headers as their schema asks (`x-mcp-header`). @module */

const key = "x-mcp-header";
/** A header name of RFC 9110. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/;
const permitted = ["string", "integer", "boolean"];

/** A part of a schema, and whether only names of properties lead to it. */
interface Place {
  value: unknown;
  isProperty: boolean;
  holdsProperties: boolean;
}

/**
 * Why a tool cannot be called on a 2026 connection: the specification has such
 * tools left out. `undefined` where nothing is wrong. The schema's depth and
 * size are bounded before.
 */
export function headerProblem(schema: unknown): string | undefined {
  const names = new Set<string>();
  const places: Place[] = [{ value: schema, isProperty: false, holdsProperties: true }];
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    if (typeof place.value !== "object" || place.value === null) continue;
    const node: Readonly<Record<string, unknown>> = { ...place.value };
    // Below `properties` the keys are names, and `x-mcp-header` may be one of them.
    const problem = Object.hasOwn(node, key) ? nodeProblem(node, place, names) : undefined;
    if (problem !== undefined) return `Cannot use the tool: ${key} in its inputSchema ${problem}`;
    for (const [name, value] of Object.entries(node)) {
      if (name === "properties" && place.holdsProperties) places.push(...propertiesIn(value));
      else if (!values.has(name)) {
        places.push({ value, isProperty: false, holdsProperties: false });
      }
    }
  }
  return undefined;
}

/** Keywords whose values are data, and no schemas. */
const values: ReadonlySet<string> = new Set(["const", "default", "enum", "examples", key]);

function propertiesIn(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).map((child) => ({
    value: child,
    isProperty: true,
    holdsProperties: true,
  }));
}

function nodeProblem(
  node: Readonly<Record<string, unknown>>,
  place: Place,
  names: Set<string>,
): string | undefined {
  const name = node[key];
  if (!place.isProperty) return "does not stand at a property";
  if (typeof name !== "string" || !token.test(name)) return "is not the name of a header";
  if (typeof node.type !== "string" || !permitted.includes(node.type)) {
    return "stands at a property that is no string, integer or boolean";
  }
  if (names.has(name.toLowerCase())) return "names a header twice";
  names.add(name.toLowerCase());
  return undefined;
}
