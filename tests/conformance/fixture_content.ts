/** Tools, resources and prompts of the conformance suite that need nobody but the server. @module */

import type { CallToolResult, McpServer } from "@modelcontextprotocol/server";
import { ResourceNotFoundError, ResourceTemplate } from "@modelcontextprotocol/server";
import { completable } from "@modelcontextprotocol/server";
import { z } from "zod";

/** One red pixel. */
const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/** A sound without samples. */
const wav = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";

const text = (words: string): CallToolResult["content"][number] => ({ type: "text", text: words });
const image = { type: "image", data: png, mimeType: "image/png" } as const;

/** Tools whose answer is fixed. */
export function addFixedTools(server: McpServer): void {
  const answers: Record<string, CallToolResult["content"]> = {
    test_simple_text: [text("This is a simple text response for testing.")],
    test_image_content: [image],
    test_audio_content: [{ type: "audio", data: wav, mimeType: "audio/wav" }],
    test_embedded_resource: [{
      type: "resource",
      resource: {
        uri: "test://embedded-resource",
        mimeType: "text/plain",
        text: "This is an embedded resource content.",
      },
    }],
    test_multiple_content_types: [
      text("Multiple content types test:"),
      image,
      {
        type: "resource",
        resource: {
          uri: "test://mixed-content-resource",
          mimeType: "application/json",
          text: '{"test":"data","value":123}',
        },
      },
    ],
  };
  for (const [name, content] of Object.entries(answers)) {
    server.registerTool(name, { description: `Answers as ${name} must` }, () => ({ content }));
  }
  server.registerTool("test_error_handling", { description: "Fails" }, () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
}

/** Resources, one template, and completion for it. */
export function addResources(server: McpServer): void {
  const fixed = [
    ["test://static-text", "text/plain", {
      text: "This is the content of the static text resource.",
    }],
    ["test://static-binary", "image/png", { blob: png }],
    ["test://watched-resource", "text/plain", { text: "Watched resource content" }],
  ] as const;
  for (const [uri, mimeType, content] of fixed) {
    const name = uri.slice("test://".length);
    server.registerResource(name, uri, { mimeType, description: `A resource: ${name}` }, () => ({
      contents: [{ uri, mimeType, ...content }],
    }));
  }
  const template = new ResourceTemplate("test://template/{id}/data", {
    list: undefined,
    complete: { id: (start) => ["123", "124"].filter((id) => id.startsWith(start)) },
  });
  const about = { mimeType: "application/json", description: "A template" };
  server.registerResource("template", template, about, (uri, { id }) => {
    if (typeof id !== "string") throw new ResourceNotFoundError(uri.href);
    const data = { id, templateTest: true, data: `Data for ID: ${id}` };
    return {
      contents: [{ uri: uri.href, mimeType: "application/json", text: JSON.stringify(data) }],
    };
  });
}

/** Prompts that ask nobody. */
export function addPrompts(server: McpServer): void {
  const said = (words: string) =>
    ({ role: "user", content: { type: "text", text: words } }) as const;
  server.registerPrompt("test_simple_prompt", { description: "A prompt" }, () => ({
    messages: [said("This is a simple prompt for testing.")],
  }));
  const cities = ["paris", "park", "party"];
  const arg1 = completable(
    z.string().describe("First"),
    (start) => cities.filter((city) => city.startsWith(start)),
  );
  server.registerPrompt("test_prompt_with_arguments", {
    description: "A prompt with arguments",
    argsSchema: z.object({ arg1, arg2: z.string().describe("Second") }),
  }, ({ arg1, arg2 }) => ({
    messages: [said(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  }));
  server.registerPrompt("test_prompt_with_embedded_resource", {
    description: "A prompt with a resource in it",
    argsSchema: z.object({ resourceUri: z.string() }),
  }, ({ resourceUri }) => ({
    messages: [
      {
        role: "user",
        content: {
          type: "resource",
          resource: {
            uri: resourceUri,
            mimeType: "text/plain",
            text: "Embedded resource content for testing.",
          },
        },
      },
      said("Please process the embedded resource above."),
    ],
  }));
  server.registerPrompt(
    "test_prompt_with_image",
    { description: "A prompt with an image" },
    () => ({
      messages: [{ role: "user", content: image }, said("Please analyze the image above.")],
    }),
  );
}
