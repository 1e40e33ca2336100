/** Reads how to log in to a server, as editors write it. @module */

import { z } from "zod";
import { isHttpUrl } from "./addresses.ts";
import type { OAuthConfig } from "./config.ts";
import type { Expander } from "./expand_variables.ts";

const text = z.string().min(1).max(65_536);
const scopesSchema = z.union([text, z.array(text).max(100).transform((list) => list.join(" "))]);

/** `oauth` of Claude Code's file, with what only Airlock knows; `null` stands for absent. */
export interface OAuthFields {
  /** The client, as it was registered. */
  clientId?: string | null;
  /** Its secret. */
  clientSecret?: string | null;
  /** Its private key, PKCS #8 in PEM. */
  privateKey?: string | null;
  /** What that key signs with. */
  algorithm?: OAuthConfig["algorithm"] | null;
  /** What is asked for, separated by spaces or commas. */
  scopes?: string | null;
  /** Port on loopback where the answer is taken. */
  callbackPort?: number | null;
  /** Metadata of the authorization server, in place of discovery. */
  authServerMetadataUrl?: string | null;
  /** A public document about the client. */
  clientMetadataUrl?: string | null;
  /** On whose behalf. @default {"authorization_code"} */
  grant?: OAuthConfig["grant"] | null;
}

/** `auth` of Cursor's file; `null` stands for absent. */
export interface CursorAuthFields {
  /** The client, as it was registered. */
  CLIENT_ID?: string | null;
  /** Its secret. */
  CLIENT_SECRET?: string | null;
  /** What is asked for, separated by spaces or commas. */
  scopes?: string | null;
}

/** Takes {@linkcode OAuthFields}; keys that it does not know are let be. */
export const oauthSchema: z.ZodType<OAuthFields> = z.looseObject({
  clientId: text.nullish(),
  clientSecret: text.nullish(),
  privateKey: text.nullish(),
  algorithm: z.enum(["RS256", "PS256", "ES256", "ES384"]).nullish(),
  scopes: scopesSchema.nullish(),
  callbackPort: z.int().min(1).max(65_535).nullish(),
  authServerMetadataUrl: text.nullish(),
  clientMetadataUrl: text.nullish(),
  grant: z.enum(["authorization_code", "client_credentials"]).nullish(),
});

/** Takes {@linkcode CursorAuthFields}; keys that it does not know are let be. */
export const cursorAuthSchema: z.ZodType<CursorAuthFields> = z.looseObject({
  CLIENT_ID: text.nullish(),
  CLIENT_SECRET: text.nullish(),
  scopes: scopesSchema.nullish(),
});

/** The two ways in which an entry may say it. */
export interface OAuthEntry {
  /** Claude Code's way. */
  oauth?: OAuthFields | null;
  /** Cursor's way; what `oauth` says too counts there. */
  auth?: CursorAuthFields | null;
}

/** How to log in, and what is wrong with it. */
export interface ReadOAuth {
  /** Absent where the entry says nothing. */
  oauth?: OAuthConfig;
  /** In words that hold no value. */
  problems: string[];
}

/** Reads how to log in. */
export function readOAuth({ oauth, auth }: OAuthEntry, { expand }: Expander): ReadOAuth {
  if (!oauth && !auth) return { problems: [] };
  // A variable may be set and empty: that says nothing either.
  const read = (value: string | null | undefined) => expand(value ?? "").trim() || undefined;
  const scopes = read(oauth?.scopes ?? auth?.scopes) ?? "";
  const found: OAuthConfig = {
    grant: oauth?.grant ?? "authorization_code",
    clientId: read(oauth?.clientId ?? auth?.CLIENT_ID),
    clientSecret: read(oauth?.clientSecret ?? auth?.CLIENT_SECRET),
    privateKey: read(oauth?.privateKey),
    algorithm: oauth?.algorithm ?? undefined,
    scopes: scopes.split(/[\s,]+/).filter(Boolean),
    callbackPort: oauth?.callbackPort ?? undefined,
    authServerMetadataUrl: read(oauth?.authServerMetadataUrl),
    clientMetadataUrl: read(oauth?.clientMetadataUrl),
  };
  return { oauth: found, problems: problemsOf(found) };
}

function problemsOf(oauth: OAuthConfig): string[] {
  const problems: string[] = [];
  const { authServerMetadataUrl, clientMetadataUrl } = oauth;
  if (oauth.scopes.some((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))) {
    problems.push("one of its scopes is not allowed in OAuth");
  }
  if (authServerMetadataUrl !== undefined && !isHttpUrl(authServerMetadataUrl)) {
    problems.push("its authServerMetadataUrl is not one of http or https");
  }
  if (clientMetadataUrl !== undefined && !clientMetadataUrl.startsWith("https://")) {
    problems.push("its clientMetadataUrl is not one of https");
  }
  const hasSecret = oauth.clientSecret !== undefined || oauth.privateKey !== undefined;
  if (oauth.clientId === undefined && hasSecret) {
    problems.push("it has a secret and no client id");
  }
  if (oauth.grant === "client_credentials" && !hasSecret) {
    problems.push("client credentials need a client id and a secret or a private key");
  }
  return problems;
}
