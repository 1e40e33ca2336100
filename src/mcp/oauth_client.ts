/** Airlock as an OAuth client of one server, for one login or one renewal. @module */

import {
  computeScopeUnion,
  createPrivateKeyJwtAuth,
  resourceUrlFromServerUrl,
  validateAuthorizationResponseIssuer,
} from "@modelcontextprotocol/client";
import type {
  AddClientAuthentication,
  OAuthClientInformationContext,
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import type { OAuthConfig } from "../config/config.ts";
import type { Secrets } from "../servers/secrets.ts";
import { UpstreamError } from "../servers/upstream_error.ts";
import { assertAuthUrl } from "./auth_fetch.ts";
import type { KnownClient, ServerLogins, StoredLogin } from "./login_store.ts";
import { anotherIssuer } from "./to_login_error.ts";

/** Shown by authorization servers to the person who logs in. */
const clientName = "Airlock";

/** What an {@linkcode OAuthClient} needs. */
export interface OAuthClientDeps {
  /** The server that is logged in to. */
  server: URL;
  /** What the configuration says about it. */
  config: OAuthConfig;
  /** Where its logins are kept. */
  logins: ServerLogins;
  /** Learns whatever must not be seen. */
  secrets: Pick<Secrets, "learn">;
  /** Told of new tokens once they are kept. */
  onLogin(login: StoredLogin): void;
}

/** What one login is about. */
export interface OAuthAttempt {
  /** Where the person comes back to; `undefined` where nobody is asked. */
  redirectUrl?: string;
  /** The login that is renewed. @default {none: a new one begins} */
  renews?: StoredLogin;
  /** What is known of the authorization server. @default {it is discovered} */
  discovery?: OAuthDiscoveryState;
}

/** The SDK's view of one login; dropped when that ends. */
export class OAuthClient implements OAuthClientProvider {
  readonly redirectUrl: string | undefined;
  readonly clientMetadataUrl?: string;
  readonly addClientAuthentication?: AddClientAuthentication;
  readonly prepareTokenRequest?: OAuthClientProvider["prepareTokenRequest"];
  validateResourceURL?: OAuthClientProvider["validateResourceURL"];

  readonly #deps: OAuthClientDeps;
  readonly #attempt: OAuthAttempt;
  readonly #state = crypto.getRandomValues(new Uint8Array(32)).toHex();
  #client?: KnownClient;
  #discovery?: OAuthDiscoveryState;
  #verifier = "";
  #scope?: string;
  #page?: URL;
  #isForgotten = false;

  /** For one login only: it knows that login's secrets. */
  constructor(deps: OAuthClientDeps, attempt: OAuthAttempt) {
    const { clientId, privateKey, algorithm = "RS256", clientMetadataUrl, grant } = deps.config;
    this.#deps = deps;
    this.#attempt = attempt;
    this.#discovery = attempt.discovery;
    this.redirectUrl = attempt.redirectUrl;
    this.clientMetadataUrl = clientMetadataUrl;
    if (grant === "client_credentials") {
      this.prepareTokenRequest = (scope) => this.#credentialsRequest(scope);
    }
    if (clientId !== undefined && privateKey !== undefined) {
      const claims = { issuer: clientId, subject: clientId, privateKey, alg: algorithm };
      this.addClientAuthentication = createPrivateKeyJwtAuth(claims);
    }
  }

  /** The page where the person logs in, once that is known. */
  get page(): URL | undefined {
    return this.#page;
  }

  /** By what the answer is known to belong to this login; good for one answer. */
  get stateText(): string {
    return this.#state;
  }

  /** Whether the login that should be renewed turned out to be void. */
  get isForgotten(): boolean {
    return this.#isForgotten;
  }

  /** {@inheritDoc OAuthClientProvider.clientMetadata} */
  get clientMetadata(): OAuthClientMetadata {
    const { redirectUrl } = this.#attempt;
    const isInteractive = redirectUrl !== undefined;
    return {
      client_name: clientName,
      redirect_uris: isInteractive ? [redirectUrl] : [],
      ...(isInteractive && { grant_types: ["authorization_code", "refresh_token"] }),
      ...(!isInteractive && { grant_types: ["client_credentials"] }),
      ...(isInteractive && { response_types: ["code"] }),
    };
  }

  /** {@inheritDoc OAuthClientProvider.state} */
  state(): string {
    return this.#state;
  }

  /** The configured client, the one that is being renewed, or one registered before. */
  async clientInformation(
    context?: OAuthClientInformationContext,
  ): Promise<StoredOAuthClientInformation | undefined> {
    if (context === undefined) return this.#client;
    this.#client ??= await this.#knownClient(context.issuer);
    if (this.#client === undefined && this.#attempt.renews !== undefined) {
      throw new UpstreamError("needs_auth", "it wants a login at another login server");
    }
    return this.#client;
  }

  /** {@inheritDoc OAuthClientProvider.saveClientInformation} */
  async saveClientInformation(
    client: StoredOAuthClientInformation,
    context?: OAuthClientInformationContext,
  ): Promise<void> {
    this.#client = { ...client, issuer: context?.issuer ?? client.issuer ?? "" };
    if (client.client_secret !== undefined) this.#deps.secrets.learn([client.client_secret]);
    await this.#deps.logins.saveClient(this.#client);
  }

  /** {@inheritDoc OAuthClientProvider.tokens} */
  tokens(context?: OAuthClientInformationContext): StoredOAuthTokens | undefined {
    const { renews } = this.#attempt;
    if (renews === undefined || this.#isForgotten) return undefined;
    if (context !== undefined && context.issuer !== renews.issuer) return undefined;
    return { ...renews.tokens, issuer: renews.issuer };
  }

  /** {@inheritDoc OAuthClientProvider.saveTokens} */
  async saveTokens(
    stored: StoredOAuthTokens,
    context?: OAuthClientInformationContext,
  ): Promise<void> {
    const issuer = context?.issuer ?? stored.issuer;
    if (issuer === undefined || this.#client === undefined) {
      throw new TypeError("Cannot keep tokens that nobody issued");
    }
    const { access_token, token_type, refresh_token, expires_in } = stored;
    const scope = stored.scope ?? this.#scope ?? this.#attempt.renews?.tokens.scope;
    const tokens = { access_token, token_type, refresh_token, expires_in, scope };
    this.#deps.secrets.learn(refresh_token ? [access_token, refresh_token] : [access_token]);
    const login = { issuer, client: this.#client, tokens, at: Date.now() };
    await this.#deps.logins.save(login);
    this.#deps.onLogin(login);
  }

  /** Keeps the page; who asked for the login shows it. */
  redirectToAuthorization(page: URL): void {
    assertAuthUrl(page, this.#deps.server);
    this.#scope = page.searchParams.get("scope") ?? undefined;
    this.#page = page;
  }

  /** {@inheritDoc OAuthClientProvider.saveCodeVerifier} */
  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
    this.#deps.secrets.learn([verifier]);
  }

  /** {@inheritDoc OAuthClientProvider.codeVerifier} */
  codeVerifier(): string {
    return this.#verifier;
  }

  /** Tokens are asked for one server: also where it does not say for which. */
  saveDiscoveryState(discovery: OAuthDiscoveryState): void {
    this.#discovery = discovery;
    if (discovery.resourceMetadata !== undefined) return;
    this.validateResourceURL = (server) => Promise.resolve(resourceUrlFromServerUrl(server));
  }

  /** {@inheritDoc OAuthClientProvider.discoveryState} */
  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovery;
  }

  /** Throws where an answer does not come from the authorization server that was asked (RFC 9207). */
  assertIssuer(iss: string | undefined): void {
    const metadata = this.#discovery?.authorizationServerMetadata;
    const issParameterSupported = metadata?.authorization_response_iss_parameter_supported === true;
    const expectedIssuer = metadata?.issuer;
    validateAuthorizationResponseIssuer({ iss, expectedIssuer, issParameterSupported });
  }

  /** Forgets what the authorization server does not know any more. */
  async invalidateCredentials(
    what: "all" | "client" | "tokens" | "verifier" | "discovery",
  ): Promise<void> {
    const issuer = this.#client?.issuer;
    if (what === "all" || what === "tokens") {
      this.#isForgotten = true;
      if (issuer !== undefined) await this.#deps.logins.forget(issuer);
    }
    const isRegistered = this.#deps.config.clientId === undefined;
    if ((what === "all" || what === "client") && isRegistered && issuer !== undefined) {
      this.#client = undefined;
      await this.#deps.logins.forgetClient(issuer);
    }
  }

  async #knownClient(issuer: string): Promise<KnownClient | undefined> {
    const { config, logins } = this.#deps;
    const { clientId, clientSecret, privateKey } = config;
    const { renews, redirectUrl } = this.#attempt;
    if (clientId !== undefined) {
      const isSecret = clientSecret !== undefined || privateKey !== undefined;
      if (isSecret) await this.#assertSameIssuer(clientId, issuer);
      return { client_id: clientId, client_secret: clientSecret, issuer };
    }
    if (renews !== undefined) return renews.client.issuer === issuer ? renews.client : undefined;
    // One that was registered for another redirect URI is of no use.
    return (await logins.clients()).find((client) =>
      client.issuer === issuer && redirectUrl !== undefined &&
      client.redirect_uris?.includes(redirectUrl)
    );
  }

  /** A server cannot send a configured secret to another place than the first time. */
  async #assertSameIssuer(clientId: string, issuer: string): Promise<void> {
    if (this.#deps.config.authServerMetadataUrl !== undefined) return;
    const clients = await this.#deps.logins.clients();
    const before = clients.filter((client) => client.client_id === clientId);
    if (before.length > 0 && before.every((client) => client.issuer !== issuer)) {
      throw anotherIssuer();
    }
  }

  #credentialsRequest(scope: string | undefined): URLSearchParams {
    this.#scope = computeScopeUnion(this.#deps.config.scopes.join(" "), scope);
    const params = new URLSearchParams({ grant_type: "client_credentials" });
    if (this.#scope !== undefined) params.set("scope", this.#scope);
    return params;
  }
}
