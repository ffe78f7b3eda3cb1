export interface RedisServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

export function findRedis(): string | undefined;
export function startRedis(): Promise<RedisServer>;
