/** Reads the metadata of an authorization server from a configured address. @module */

import type { FetchLike, OAuthDiscoveryState } from "@modelcontextprotocol/client";
import { z } from "zod";
import { UpstreamError } from "../servers/upstream_error.ts";

const text = z.string().max(2_048);
const texts = z.array(z.string().max(256)).max(1_000);

const metadata = z.object({
  issuer: text,
  authorization_endpoint: text,
  token_endpoint: text,
  registration_endpoint: text.optional(),
  scopes_supported: texts.optional(),
  response_types_supported: texts,
  token_endpoint_auth_methods_supported: texts.optional(),
  code_challenge_methods_supported: texts.optional(),
  client_id_metadata_document_supported: z.boolean().optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
});

/**
 * What discovery would find (RFC 8414), from where a person says that it is.
 *
 * @throws {UpstreamError}
 */
export async function readAuthMetadata(
  url: string,
  fetch: FetchLike,
): Promise<OAuthDiscoveryState> {
  const response = await fetch(url, { headers: { accept: "application/json" } });
  if (!response.ok) {
    const failure = `its authServerMetadataUrl answers with HTTP status ${response.status}`;
    throw new UpstreamError("refused", failure);
  }
  const found = metadata.safeParse(await response.json());
  if (!found.success) {
    throw new UpstreamError("refused", "its authServerMetadataUrl has no OAuth metadata");
  }
  return { authorizationServerUrl: found.data.issuer, authorizationServerMetadata: found.data };
}
