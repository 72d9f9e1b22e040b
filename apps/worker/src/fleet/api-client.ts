import { ErrorBody } from '@camfleet/protocol';
import { Agent, request } from 'undici';

export interface ApiAnswer {
  status: number;
  /** The parsed JSON, or undefined when there was none. */
  body: unknown;
  /** The contract's error code, of an answer that is one. */
  errorCode?: string;
  url: string;
}

export interface ApiCall {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  timeoutMs: number;
  signal?: AbortSignal;
}

/** No replica gave an answer that stands for all. */
export class ApiUnreachableError extends Error {
  override readonly name = 'ApiUnreachableError';

  constructor(
    message: string,
    /** What one of them said: that it could not do it. */
    readonly answer: ApiAnswer | undefined,
  ) {
    super(message);
  }
}

/**
 * Calls the API replica that answered last; after a failure the next one, at once. Knows the URLs from the
 * configuration and those that the API names in its answers.
 */
export class ApiClient {
  private readonly agent = new Agent({ connect: { timeout: 500 }, keepAliveTimeout: 30_000 });
  private urls: string[];
  /** Those whose silence means something: the configured ones, and those that have ever answered here. */
  private readonly counting: Set<string>;
  private current = 0;

  constructor(private readonly options: { apiUrls: string[]; apiKey: string }) {
    this.urls = options.apiUrls;
    this.counting = new Set(options.apiUrls);
  }

  /** The replica to try first. */
  get currentUrl(): string {
    return this.urls[this.current] ?? this.options.apiUrls[0] ?? '';
  }

  get authorization(): string {
    return `Bearer ${this.options.apiKey}`;
  }

  /** The configured URLs stay: a replica may name itself by an address that is not reachable from here. */
  learnUrls(named: readonly string[]): void {
    const currentUrl = this.currentUrl;
    this.urls = [...new Set([...this.options.apiUrls, ...named.map((url) => url.replace(/\/+$/, ''))])];
    this.current = Math.max(0, this.urls.indexOf(currentUrl));
  }

  moveOn(): void {
    this.current = (this.current + 1) % this.urls.length;
  }

  /**
   * Asks one replica after the other until one gives an answer that another replica would give too.
   * When all answer with the same 5xx code, that answer. Throws {@link ApiUnreachableError} when one cannot be
   * reached and none gives a real answer: silence proves nothing about the database. The silence of an address
   * that never answered here is none: a replica may name itself by one that leads nowhere from here.
   */
  async call(call: ApiCall): Promise<ApiAnswer> {
    let unavailable: ApiAnswer | undefined;
    let failure: unknown;
    let isUnanimous = true;
    for (let tries = this.urls.length; tries > 0; tries -= 1) {
      const url = this.currentUrl;
      try {
        const answer = await this.callOne(url, call);
        this.counting.add(url);
        if (answer.status < 500) return answer;
        if (unavailable && unavailable.errorCode !== answer.errorCode) isUnanimous = false;
        unavailable = answer;
      } catch (error) {
        if (call.signal?.aborted) throw error;
        failure = error;
        if (this.counting.has(url)) isUnanimous = false;
      }
      this.moveOn();
    }
    if (isUnanimous && unavailable) return unavailable;
    const message = failure instanceof Error ? failure.message : 'The API gave no usable answer.';
    throw new ApiUnreachableError(message, unavailable);
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async callOne(url: string, { method, path, body, timeoutMs, signal }: ApiCall): Promise<ApiAnswer> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const answer = await request(url + path, {
      method,
      dispatcher: this.agent,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      headers: { authorization: this.authorization, 'content-type': 'application/json' },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await answer.body.text();
    const parsed = parseJson(text);
    const error = ErrorBody.safeParse(parsed);
    return { status: answer.statusCode, body: parsed, errorCode: error.data?.error.code, url };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
