/** How code finds out that a value is not of its own realm. @module */

/**
 * Guest code that defines `expectOwn(how, value)`: logs `ESCAPED` where the
 * chain of a value's prototypes ends in another realm's `Object.prototype`.
 */
export const foreignCheck = `
const rootOf = Object.prototype, nextOf = Reflect.getPrototypeOf, isBare = (v) => Object.hasOwn(v, "hasOwnProperty");
const expectOwn = (how, value) => {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return;
  let last = value;
  for (let next = nextOf(last); next !== null; next = nextOf(last)) last = next;
  if (last !== rootOf && isBare(last)) console.log("ESCAPED", how, "a value of the outer realm");
};`;
