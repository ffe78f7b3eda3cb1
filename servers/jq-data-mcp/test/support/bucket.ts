import { AwsClient } from "aws4fetch";
import { expect } from "vitest";
import { type S3Options, s3Store } from "../../src/sync/s3-store.ts";

export const testKeys = { accessKeyId: "test", secretAccessKey: "test" };

export const s3Client = () => new AwsClient({ ...testKeys, service: "s3", region: "us-east-1" });

/** A new bucket of a test server. */
export async function bucketOf(server: string, name: string, more: Partial<S3Options> = {}) {
  const made = await s3Client().fetch(`${server}/${name}`, { method: "PUT" });
  expect(made.status).toBe(200);
  return s3Store({
    bucket: name,
    endpoint: server,
    region: "us-east-1",
    timeoutMs: 2_000,
    ...testKeys,
    ...more,
  });
}
