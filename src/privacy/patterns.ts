/** Kinds of text that are private wherever they stand. @module */

/** Finds texts of one kind. */
export interface TextPattern {
  /** Part of the token: small letters. */
  readonly kind: string;
  /** Global. */
  readonly expression: RegExp;
  /** Whether what was found is one. @default {it is} */
  isOne?(text: string): boolean;
}

const known: Readonly<Record<string, TextPattern>> = {
  email: {
    kind: "email",
    expression: /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g,
  },
  phone: {
    kind: "phone",
    expression: /(?<![\w.])(?:\+|00)?\d[\d ()/.-]{5,18}\d(?![\w.])/g,
    isOne: (text) => {
      const digits = text.replace(/\D/g, "").length;
      return digits >= 7 && digits <= 15 && (/^(\+|00?)/.test(text) || /[ ()/-]/.test(text));
    },
  },
  card: {
    kind: "card",
    expression: /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g,
    isOne: (text) => passesLuhn(text.replace(/\D/g, "")),
  },
  iban: {
    kind: "iban",
    expression: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g,
  },
};

/** Names of the patterns there are. */
export const patternNames: readonly string[] = Object.keys(known);

/** A pattern by its name. */
export function patternOf(name: string): TextPattern | undefined {
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

/** What is wrong with the name of a pattern; nothing where there is one. */
export function checkPattern(name: string): string | undefined {
  return patternOf(name) === undefined ? `must be one of ${patternNames.join(", ")}` : undefined;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]) * (at % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
