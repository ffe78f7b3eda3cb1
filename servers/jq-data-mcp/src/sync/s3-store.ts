import { ToolError } from "@mcp-data/core";
import { AwsClient } from "aws4fetch";
import type { ListedObject, ObjectReader, ObjectStore, PutCondition, StoredObject } from "./object-store.ts";
import { openBody } from "./open-body.ts";

export interface S3Options {
  readonly bucket: string;
  /** Absent: AWS. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly timeoutMs?: number;
}

/** A bucket over the S3 protocol; one request per call, so that each outcome is known for what it is. */
export function s3Store(options: S3Options): ObjectStore & ObjectReader {
  const { bucket, region, timeoutMs = 15_000 } = options;
  const client = new AwsClient({
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey,
    ...(options.sessionToken === undefined ? {} : { sessionToken: options.sessionToken }),
    service: "s3",
    region,
    retries: 0,
  });
  const base =
    options.endpoint === undefined
      ? `https://${bucket}.s3.${region}.amazonaws.com`
      : `${options.endpoint.replace(/\/$/, "")}/${bucket}`;
  const urlOf = (key: string) => `${base}/${key.split("/").map(encodeURIComponent).join("/")}`;

  async function send(
    method: string,
    url: string,
    headers: Record<string, string> = {},
    body?: Uint8Array,
  ): Promise<Response> {
    try {
      return await client.fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body: body as unknown as string }),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw new ToolError("UPSTREAM_ERROR", "The bucket did not answer.", {
        hint: "Check sync.endpoint (AWS_ENDPOINT_URL_S3) and the network; it is tried again.",
        retryAfterMs: 1_000,
        details: { reason: "no_answer" },
        cause,
      });
    }
  }

  async function read(response: Response): Promise<StoredObject> {
    try {
      return { body: new Uint8Array(await response.arrayBuffer()), etag: etagOf(response) };
    } catch (cause) {
      throw new ToolError("UPSTREAM_ERROR", "The bucket's answer broke off.", { retryAfterMs: 1_000, cause });
    }
  }

  return {
    async get(key) {
      const response = await send("GET", urlOf(key));
      if (response.status === 404) return absent(response, bucket);
      if (response.status !== 200) throw await failed(response);
      return read(response);
    },
    async getIfChanged(key, etag) {
      const response = await send("GET", urlOf(key), { "if-none-match": etag });
      if (response.status === 304) {
        await drop(response);
        return "same";
      }
      if (response.status === 404) return absent(response, bucket);
      if (response.status !== 200) throw await failed(response);
      const object = await read(response);
      return object.etag === etag ? "same" : object;
    },
    async put(key, body, condition) {
      const response = await send(
        "PUT",
        urlOf(key),
        { "content-type": "application/octet-stream", ...conditionHeaders(condition) },
        body,
      );
      // 412: it does not hold. 409: another write was under way. 404: nothing there to match.
      if (condition !== undefined && [412, 409, 404].includes(response.status)) {
        await absent(response, bucket);
        return { kind: "refused" };
      }
      if (response.status !== 200) throw await failed(response);
      await drop(response);
      return { kind: "stored", etag: etagOf(response) };
    },
    async list(prefix) {
      const found: ListedObject[] = [];
      for (let token: string | undefined; ; ) {
        const query = new URLSearchParams({
          "list-type": "2",
          prefix,
          ...(token === undefined ? {} : { "continuation-token": token }),
        });
        const response = await send("GET", `${base}/?${query}`);
        if (response.status !== 200) throw await failed(response);
        const xml = await response.text();
        found.push(
          ...[...xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)].map(([, entry = ""]) => listed(entry)),
        );
        token = tag(xml, "NextContinuationToken");
        if (token === undefined || found.length > 100_000) return found;
      }
    },
    async read(key, { etag, from }) {
      const signed = await client.sign(urlOf(key), {
        headers: { "if-match": etag, ...(from === 0 ? {} : { range: `bytes=${from}-` }) },
      });
      const { status, headers, body, text } = await openBody(signed, timeoutMs);
      if (status === 404 || status === 412 || status === 416) {
        body.destroy();
        return undefined;
      }
      if (status !== (from === 0 ? 200 : 206)) throw refusal(status, await text());
      if (headers.etag === etag) return body;
      body.destroy();
      return undefined;
    },
    async delete(key) {
      const response = await send("DELETE", urlOf(key));
      if (response.status >= 300 && response.status !== 404) throw await failed(response);
      await drop(response);
    },
  };
}

function conditionHeaders(condition: PutCondition): Record<string, string> {
  if (condition === undefined) return {};
  return "ifAbsent" in condition ? { "if-none-match": "*" } : { "if-match": condition.ifMatch };
}

function etagOf(response: Response): string {
  return response.headers.get("etag") ?? "";
}

/** Unread bodies would keep their connection. */
async function drop(response: Response): Promise<undefined> {
  await response.body?.cancel();
  return undefined;
}

/** What is missing is one object. CONFIG_ERROR when it is the bucket. */
async function absent(response: Response, bucket: string): Promise<undefined> {
  const text = await response.text().catch(() => "");
  if (tag(text, "Code") !== "NoSuchBucket") return undefined;
  throw new ToolError("CONFIG_ERROR", `There is no bucket named ${bucket}.`, {
    hint: "Create it, or correct its name, sync.region or sync.endpoint.",
    details: { reason: "no_bucket" },
  });
}

async function failed(response: Response): Promise<ToolError> {
  return refusal(response.status, await response.text().catch(() => ""));
}

const elsewhere = "Check sync.region and sync.endpoint: the bucket is somewhere else.";
const hints: Readonly<Record<number, string>> = {
  301: elsewhere,
  307: elsewhere,
  400: elsewhere,
  403: "Check the credentials and that they may get, put, list and delete.",
};

function refusal(status: number, text: string): ToolError {
  const code = tag(text, "Code") ?? `HTTP ${status}`;
  return new ToolError("UPSTREAM_ERROR", `The bucket answered ${status} (${code.slice(0, 60)}).`, {
    hint: hints[status] ?? "It is tried again.",
    details: { reason: "s3", status, code },
    retryAfterMs: 1_000,
  });
}

function listed(entry: string): ListedObject {
  return {
    key: tag(entry, "Key") ?? "",
    etag: tag(entry, "ETag") ?? "",
    size: Number(tag(entry, "Size") ?? 0),
    changedAt: tag(entry, "LastModified") ?? "",
  };
}

function tag(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text
    ?.replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&apos;", "'")
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll("&amp;", "&");
}
