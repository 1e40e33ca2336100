/**
 * Encrypts small texts for the database: AES-256-GCM, bound to the place where
 * they lie. The key is derived from the key that signs receipts. Where that one
 * was made by Airlock it lies in the same database, and a copy of the whole
 * database gives both away; `AIRLOCK_SIGNING_KEY` keeps it elsewhere. @module
 */

const ivBytes = 12;

/** Encrypts and decrypts with one key. */
export class Seal {
  readonly #key: CryptoKey;

  private constructor(key: CryptoKey) {
    this.#key = key;
  }

  /** Takes 32 secret bytes. */
  static async of(secret: Uint8Array<ArrayBuffer>): Promise<Seal> {
    return new Seal(
      await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt", "decrypt"]),
    );
  }

  /** Encrypts a text for a place. */
  async close(text: string, place: Deno.KvKey): Promise<Uint8Array> {
    const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
    const params = { name: "AES-GCM", iv, additionalData: bytesOf(JSON.stringify(place)) };
    const sealed = await crypto.subtle.encrypt(params, this.#key, bytesOf(text));
    const whole = new Uint8Array(ivBytes + sealed.byteLength);
    whole.set(iv);
    whole.set(new Uint8Array(sealed), ivBytes);
    return whole;
  }

  /** The text, or `undefined` where it was sealed with another key, for another place, or changed. */
  async open(sealed: Uint8Array, place: Deno.KvKey): Promise<string | undefined> {
    const iv = sealed.slice(0, ivBytes);
    if (iv.length < ivBytes) return undefined;
    const params = { name: "AES-GCM", iv, additionalData: bytesOf(JSON.stringify(place)) };
    try {
      const plain = await crypto.subtle.decrypt(params, this.#key, sealed.slice(ivBytes));
      return new TextDecoder().decode(plain);
    } catch (error) {
      if (error instanceof DOMException && error.name === "OperationError") return undefined;
      throw error;
    }
  }
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
