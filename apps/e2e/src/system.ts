import { Program, dataFolder, freePort, until } from '@camfleet/testing';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ApiClient } from './api-client';

const Secrets = z.object({ adminApiKey: z.string(), adminPassword: z.string() });

export interface SystemOptions {
  /** Default: a new one, which is deleted at the end. */
  dataDirectory?: string;
  port?: number;
  env?: Record<string, string>;
}

/** The all-in-one program, without demo cameras, as `npm start` runs it. */
export class System implements AsyncDisposable {
  private constructor(
    private readonly parts: {
      program: Program;
      dataDirectory: string;
      api: ApiClient;
      password: string;
      ownsFolder: boolean;
    },
  ) {}

  get program(): Program {
    return this.parts.program;
  }

  get dataDirectory(): string {
    return this.parts.dataDirectory;
  }

  get api(): ApiClient {
    return this.parts.api;
  }

  /** Of the first user, `admin`. */
  get password(): string {
    return this.parts.password;
  }

  static async start({ dataDirectory, port, env = {} }: SystemOptions = {}): Promise<System> {
    const folder = dataDirectory ?? dataFolder();
    const program = launch({ dataDirectory: folder, port: port ?? (await freePort()), env });
    try {
      const [, url = ''] = await program.saying(/Dashboard {2}(\S+)[\s\S]*Stop it with/);
      const { adminApiKey, adminPassword } = Secrets.parse(
        JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8')),
      );
      const api = new ApiClient(url, adminApiKey);
      const system = new System({
        program,
        dataDirectory: folder,
        api,
        password: adminPassword,
        ownsFolder: dataDirectory === undefined,
      });
      await until('the worker is online', async () =>
        (await api.workers()).some((w) => w.state === 'online'),
      );
      return system;
    } catch (error) {
      await program[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Where `file:` sources lie. */
  get mediaDirectory(): string {
    const folder = join(this.dataDirectory, 'media');
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  get log(): string {
    return readFileSync(join(this.dataDirectory, 'camfleet.log'), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    if (this.parts.ownsFolder) rmSync(this.dataDirectory, { recursive: true, force: true });
  }
}

/** Starts the program and does not wait for anything. */
export function launch({
  dataDirectory,
  port,
  env = {},
  prefix,
}: Required<Pick<SystemOptions, 'dataDirectory' | 'port'>> & {
  env?: Record<string, string>;
  prefix?: string[];
}): Program {
  return new Program({
    entry: 'apps/standalone/dist/main.js',
    args: ['--no-demo'],
    env: { DATA_DIR: dataDirectory, PORT: String(port), ...env },
    prefix,
  });
}
