/** The login to one server over HTTP: its tokens, their renewal, and the way to new ones. @module */

import {
  auth,
  computeScopeUnion,
  extractWWWAuthenticateParams,
  isStrictScopeSuperset,
} from "@modelcontextprotocol/client";
import type {
  AuthOptions,
  AuthProvider,
  FetchLike,
  InsufficientScopeError,
} from "@modelcontextprotocol/client";
import type { HttpServerConfig, OAuthConfig, ServerConfig } from "../config/config.ts";
import { AirlockError } from "../errors/airlock_error.ts";
import { redactRecent } from "../log/redact.ts";
import type { Secrets } from "../servers/secrets.ts";
import { UpstreamError } from "../servers/upstream_error.ts";
import { createAuthFetch } from "./auth_fetch.ts";
import { readAuthMetadata } from "./auth_metadata.ts";
import type { LoginStore, ServerLogins, StoredLogin } from "./login_store.ts";
import { OAuthClient } from "./oauth_client.ts";
import type { OAuthAttempt } from "./oauth_client.ts";
import { PendingLogin } from "./pending_login.ts";
import { codeOf, toLoginError } from "./to_login_error.ts";

/** What a {@linkcode Login} needs. */
export interface LoginDeps {
  /** Keeps tokens. */
  store: LoginStore;
  /** Where Airlock's own HTTP takes answers. @default {each login listens at a port of its own} */
  callbackUrl?(): string | undefined;
}

/** What a {@linkcode Login} tells its server. */
export interface LoginEvents {
  /** A person logged in: connect anew. */
  onLogin(): void;
  /** It works, but a call wants rights that only a person can give. */
  onWanted(failure: UpstreamError): void;
}

const defaults: OAuthConfig = { grant: "authorization_code", scopes: [] };

/** An HTTP server's login. Also what the SDK's transports ask for tokens. */
export class Login implements AuthProvider {
  readonly #config: HttpServerConfig & ServerConfig;
  readonly #oauth: OAuthConfig;
  readonly #url: URL;
  readonly #logins: ServerLogins;
  readonly #secrets: Pick<Secrets, "learn" | "hide">;
  readonly #events: LoginEvents;
  readonly #fetch: FetchLike;
  readonly #callbackUrl: () => string | undefined;
  /** The token that a refused request was sent with. */
  readonly #sentWith = new WeakMap<Response, string>();
  #stored?: Promise<StoredLogin | undefined>;
  #renewing?: Promise<void>;
  #scope?: string;
  #metadataUrl?: URL;
  #pending?: PendingLogin;

  /** Asks nobody for anything yet. */
  constructor(
    config: HttpServerConfig & ServerConfig,
    deps: LoginDeps,
    about: { secrets: Secrets; events: LoginEvents },
  ) {
    this.#config = config;
    this.#oauth = config.oauth ?? defaults;
    this.#url = new URL(config.url);
    this.#logins = deps.store.of(config.name, config.url);
    this.#secrets = {
      learn: (values) => {
        about.secrets.learn(values);
        redactRecent(values);
      },
      hide: (text) => about.secrets.hide(text),
    };
    this.#events = about.events;
    this.#fetch = createAuthFetch({ server: this.#url, secrets: this.#secrets });
    this.#callbackUrl = () => deps.callbackUrl?.();
  }

  /** Wraps the transport's `fetch`, so that a refusal is known to be about an old token. */
  watch(fetch: FetchLike): FetchLike {
    return async (url, init) => {
      const response = await fetch(url, init);
      const header = new Headers(init?.headers).get("authorization");
      if (response.status === 401 && header !== null) this.#sentWith.set(response, header);
      return response;
    };
  }

  /** The token to send, if there is one. */
  async token(): Promise<string | undefined> {
    return (await this.#latest())?.tokens.access_token;
  }

  /**
   * Renews the token, once for all requests that were refused with it.
   *
   * @throws {UpstreamError} `needs_auth` where only a person can.
   */
  async onUnauthorized({ response }: { response: Response }): Promise<void> {
    const { scope, resourceMetadataUrl } = extractWWWAuthenticateParams(response);
    this.#scope = computeScopeUnion(this.#scope, scope);
    this.#metadataUrl = resourceMetadataUrl ?? this.#metadataUrl;
    const sent = this.#sentWith.get(response);
    const token = await this.token();
    if (sent !== undefined && token !== undefined && sent !== `Bearer ${token}`) return;
    await this.#renewOnce();
  }

  /**
   * Widens the login where a call wants more rights.
   *
   * @throws {UpstreamError} `needs_auth` where only a person can, `refused`
   * where it had these rights already.
   */
  async widen({ requiredScope, resourceMetadataUrl }: InsufficientScopeError): Promise<void> {
    const granted = (await this.#latest())?.tokens.scope;
    this.#scope = computeScopeUnion(this.#scope, granted, requiredScope);
    this.#metadataUrl = resourceMetadataUrl ?? this.#metadataUrl;
    if (requiredScope !== undefined && !isStrictScopeSuperset(requiredScope, granted)) {
      throw new UpstreamError("refused", "it refuses the rights that its login gave");
    }
    if (this.#oauth.grant === "client_credentials") return await this.#renewOnce();
    const message = "it wants a login with further rights";
    const failure = new UpstreamError("needs_auth", message, { status: 403 });
    this.#events.onWanted(failure);
    throw failure;
  }

  /**
   * Begins a login in the place of one that was begun before. Gives the page
   * where a person goes on with it.
   *
   * @throws {AirlockError} `conflict` where none can begin.
   */
  async begin(): Promise<string> {
    if (this.#oauth.grant === "client_credentials") {
      throw this.#refusal("it logs in by itself, with the credentials of the configuration");
    }
    await this.#pending?.close();
    try {
      this.#pending = await PendingLogin.begin({
        port: this.#oauth.callbackPort,
        callbackUrl: this.#callbackUrl(),
        start: (redirectUrl) => this.#authorize({ redirectUrl }, { forceReauthorization: true }),
        onAnswer: (params) => this.#answerPerson(params),
      });
    } catch (error) {
      throw error instanceof AirlockError ? error : this.#refusal(toLoginError(error).message);
    }
    const { page } = this.#pending;
    if (page === undefined) throw this.#refusal("its login server names no page for it");
    return page.href;
  }

  /** Whether an answer belongs to the login that was begun here. */
  expects(params: URLSearchParams): boolean {
    return this.#pending?.expects(params.get("state")) ?? false;
  }

  /**
   * Takes the answer that a person's browser brought; good once.
   *
   * @throws {AirlockError} `conflict` where it is no login.
   */
  async finish(params: URLSearchParams): Promise<void> {
    const pending = this.expects(params) ? this.#pending : undefined;
    if (pending === undefined) throw this.#refusal("nobody waits for this answer any more");
    try {
      await this.#redeem(pending.take(), params);
    } catch (error) {
      throw this.#refusal(toLoginError(error).message);
    }
    this.#events.onLogin();
  }

  /** Stops waiting for answers. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pending?.close();
  }

  /** What a person reads who came back to a port of this login's own. */
  async #answerPerson(params: URLSearchParams): Promise<string> {
    try {
      await this.finish(params);
      return `Airlock is logged in to "${this.#config.name}". This page can be closed.`;
    } catch (error) {
      if (error instanceof AirlockError) return error.message;
      throw error;
    }
  }

  async #redeem(client: OAuthClient, params: URLSearchParams): Promise<void> {
    const iss = params.get("iss") ?? undefined;
    const authorizationCode = params.get("code");
    if (authorizationCode !== null) {
      this.#secrets.learn([authorizationCode]);
      await this.#run(client, { authorizationCode, iss });
      return;
    }
    // Before the issuer is known to be the right one, nothing else is looked at.
    client.assertIssuer(iss);
    const error = codeOf(params.get("error") ?? "");
    throw new UpstreamError("refused", `its login server says ${error}`);
  }

  #latest(): Promise<StoredLogin | undefined> {
    this.#stored ??= this.#logins.latest().then((login) => {
      const { access_token, refresh_token = "" } = login?.tokens ?? { access_token: "" };
      this.#secrets.learn([access_token, refresh_token]);
      return login;
    });
    return this.#stored;
  }

  async #renewOnce(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
    await this.#renewing;
  }

  async #renew(): Promise<void> {
    if (this.#oauth.grant === "client_credentials") {
      await this.#authorize({}, {});
      return;
    }
    const renews = await this.#latest();
    if (renews?.tokens.refresh_token === undefined) throw wantsLogin();
    const redirectUrl = renews.client.redirect_uris?.[0] ?? "http://127.0.0.1/oauth/callback";
    const client = await this.#authorize({ redirectUrl, renews }, {});
    if (client.isForgotten) {
      this.#stored = undefined;
      throw wantsLogin();
    }
    // The SDK goes on to a new login where the old one could not be renewed just now.
    if (client.page !== undefined) {
      throw new UpstreamError("unsent", "its login server does not renew the login now");
    }
  }

  /** Runs the protocol as far as it goes without a person. */
  async #authorize(
    attempt: OAuthAttempt,
    options: { forceReauthorization?: boolean },
  ): Promise<OAuthClient> {
    try {
      const { authServerMetadataUrl } = this.#oauth;
      const discovery = authServerMetadataUrl === undefined
        ? undefined
        : await readAuthMetadata(authServerMetadataUrl, this.#fetch);
      const deps = {
        server: this.#url,
        config: this.#oauth,
        logins: this.#logins,
        secrets: this.#secrets,
        onLogin: (login: StoredLogin) => {
          this.#stored = Promise.resolve(login);
        },
      };
      const client = new OAuthClient(deps, { ...attempt, discovery });
      await this.#run(client, options);
      return client;
    } catch (error) {
      throw toLoginError(error);
    }
  }

  async #run(client: OAuthClient, options: Partial<AuthOptions>): Promise<void> {
    const configured = this.#oauth.scopes.join(" ");
    await auth(client, {
      serverUrl: this.#url,
      scope: computeScopeUnion(configured, this.#scope),
      resourceMetadataUrl: this.#metadataUrl,
      fetchFn: this.#fetch,
      ...options,
    });
  }

  #refusal(state: string): AirlockError {
    const name = this.#config.name;
    return new AirlockError("conflict", `Cannot log in to "${name}": ${state}`);
  }
}

function wantsLogin(): UpstreamError {
  return new UpstreamError("needs_auth", "it wants a login", { status: 401 });
}
