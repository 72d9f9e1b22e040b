import { LinkedAbort } from '@camfleet/domain';
import { ErrorBody } from '@camfleet/protocol';
import { Agent, request } from 'undici';
import { pause } from './pause';

export interface ApiAnswer {
  status: number;
  /** The parsed JSON, or undefined when there was none. */
  body: unknown;
  /** The contract's error code, of an answer that is one. */
  errorCode?: string;
  /** How long the API asks to be left alone. */
  retryAfterMs?: number;
  url: string;
}

export interface ApiCall {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  /** Beside those that every call has. */
  headers?: Record<string, string> | undefined;
  /** Of one replica. */
  timeoutMs: number;
  /** Two replicas may do it at the same time: the next one is asked while this one is silent. */
  isRepeatable?: boolean;
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

/** After so much silence the next replica is asked beside it. */
const CHANGE_OVER_MS = 400;

/** What one replica made of a call. */
type Outcome = { url: string; answer: ApiAnswer } | { url: string; error: unknown };

/**
 * Calls the API replica that answered last; after a failure the next one, at once. Knows the URLs from the
 * configuration and those that the API names in its answers.
 */
export class ApiClient {
  private readonly agent = new Agent({ connect: { timeout: 500 }, keepAliveTimeout: 30_000 });
  private urls: string[];
  private current: string;
  /** Those that have ever answered here: their silence means something. */
  private readonly heard = new Set<string>();
  /** Ends what is going on with a replica when another one answered in its place. */
  private readonly inUse = new Map<string, AbortController>();

  constructor(private readonly options: { apiUrls: string[]; apiKey: string }) {
    this.urls = options.apiUrls;
    this.current = options.apiUrls[0] ?? '';
  }

  /** The replica to try first. */
  get currentUrl(): string {
    return this.current;
  }

  get authorization(): string {
    return `Bearer ${this.options.apiKey}`;
  }

  /** The configured URLs stay: a replica may name itself by an address that is not reachable from here. */
  learnUrls(named: readonly string[]): void {
    this.urls = [...new Set([...this.options.apiUrls, ...named.map((url) => url.replace(/\/+$/, ''))])];
    if (!this.urls.includes(this.current)) this.current = this.urls[0] ?? '';
  }

  /** Aborts when another replica has answered in place of this one. */
  whileUsed(url: string): AbortSignal {
    const known = this.inUse.get(url) ?? new AbortController();
    this.inUse.set(url, known);
    return known.signal;
  }

  /**
   * Asks one replica after the other until one gives an answer that another replica would give too.
   * When all that answer do so with the same 5xx code, that answer. Throws {@link ApiUnreachableError} when one
   * that has ever answered here is silent and none gives a real answer: silence proves nothing about the
   * database. The silence of an address that never answered here is none: it may lead nowhere from here.
   */
  async call(call: ApiCall): Promise<ApiAnswer> {
    const queue = this.inOrder();
    const asked = new Map<string, Promise<Outcome>>();
    const failed: Outcome[] = [];
    const over = new AbortController();
    try {
      while (queue.length > 0 || asked.size > 0) {
        const url = queue.shift();
        if (url !== undefined) asked.set(url, this.ask(url, call, over.signal));
        const mayAskNext = queue.length > 0 && call.isRepeatable === true;
        const outcome = await firstOf(asked.values(), mayAskNext ? CHANGE_OVER_MS : undefined);
        if (!outcome) continue;
        call.signal?.throwIfAborted();
        asked.delete(outcome.url);
        if ('answer' in outcome && outcome.answer.status < 500) {
          this.prefer(outcome.url, [...failed.map((other) => other.url), ...asked.keys()]);
          return outcome.answer;
        }
        failed.push(outcome);
      }
    } finally {
      over.abort();
    }
    return this.judge(failed);
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  /** The one that answered last, then the others as they come: not all workers go to the same one. */
  private inOrder(): string[] {
    const others = this.urls.filter((url) => url !== this.current);
    const shuffled = others.map((url) => ({ url, at: Math.random() })).sort((a, b) => a.at - b.at);
    return [this.current, ...shuffled.map(({ url }) => url)];
  }

  private prefer(url: string, passedOver: readonly string[]): void {
    if (this.urls.includes(url)) this.current = url;
    for (const other of passedOver) {
      this.inUse.get(other)?.abort();
      this.inUse.delete(other);
    }
  }

  /** What the answers of those that could not do it come to. */
  private judge(failed: readonly Outcome[]): ApiAnswer {
    const answers = failed.flatMap((outcome) => ('answer' in outcome ? [outcome.answer] : []));
    const errors = failed.flatMap((outcome) => ('error' in outcome ? [outcome] : []));
    const [first] = answers;
    const isUnanimous =
      answers.every(({ errorCode }) => errorCode === first?.errorCode) &&
      !errors.some(({ url }) => this.heard.has(url));
    if (first && isUnanimous) return first;
    const error = errors.at(-1)?.error;
    throw new ApiUnreachableError(
      error instanceof Error ? error.message : 'The API gave no usable answer.',
      answers.at(-1),
    );
  }

  private async ask(url: string, call: ApiCall, over: AbortSignal): Promise<Outcome> {
    using ending = new LinkedAbort([over, this.whileUsed(url), call.signal ?? over]);
    const timer = setTimeout(() => ending.abort(), call.timeoutMs);
    try {
      const answer = await this.callOne(url, { ...call, signal: ending.signal });
      this.heard.add(url);
      return { url, answer };
    } catch (error) {
      return { url, error };
    } finally {
      clearTimeout(timer);
    }
  }

  private async callOne(url: string, { method, path, body, headers, signal }: ApiCall): Promise<ApiAnswer> {
    const answer = await request(url + path, {
      method,
      dispatcher: this.agent,
      signal,
      headers: { ...headers, authorization: this.authorization, 'content-type': 'application/json' },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await answer.body.text();
    const parsed = parseJson(text);
    const error = ErrorBody.safeParse(parsed);
    const retryAfterSeconds = Number(answer.headers['retry-after']);
    return {
      status: answer.statusCode,
      body: parsed,
      errorCode: error.data?.error.code,
      ...(retryAfterSeconds > 0 ? { retryAfterMs: retryAfterSeconds * 1000 } : {}),
      url,
    };
  }
}

/** The first outcome; undefined when there is none within `withinMs`. */
async function firstOf(
  asked: Iterable<Promise<Outcome>>,
  withinMs: number | undefined,
): Promise<Outcome | undefined> {
  if (withinMs === undefined) return Promise.race(asked);
  const settled = new AbortController();
  const silence = pause(withinMs, settled.signal).then(() => undefined);
  return Promise.race([...asked, silence]).finally(() => settled.abort());
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
