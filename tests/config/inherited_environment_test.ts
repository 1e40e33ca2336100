import { deepStrictEqual } from "assert";
import { denoEnvironment, inheritedEnvironment } from "../../src/config/inherited_environment.ts";

const environment = {
  PATH: "/bin",
  HOME: "/home/a",
  AWS_SECRET_ACCESS_KEY: "secret",
  OPENAI_API_KEY: "secret",
  DENO_DIR: "/cache",
  NODE_EXTRA_CA_CERTS: "/ca.pem",
};

Deno.test("inheritedEnvironment() gives a program what it needs, and no secret", () => {
  deepStrictEqual(inheritedEnvironment(environment), { HOME: "/home/a", PATH: "/bin" });
});

Deno.test("denoEnvironment() gives what Deno finds its packages by, and no secret", () => {
  deepStrictEqual(denoEnvironment(environment), {
    DENO_DIR: "/cache",
    NODE_EXTRA_CA_CERTS: "/ca.pem",
  });
});
