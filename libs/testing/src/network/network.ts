import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

/** RFC 2544: addresses for tests of networks, which are used nowhere else. */
const NET = '198.18';
/** A host has a /29 of its own: the router's end, and up to five addresses. */
const BLOCK = 8;
const HOME_BLOCK = 0;
const MAX_HOSTS = 31;

export interface NetworkHost {
  address: string;
  /** Put before a command line, runs it on this host. */
  prefix: readonly string[];
}

/**
 * Hosts of their own on one machine: network namespaces behind a router that can drop what two addresses send to
 * each other, without a word, as a cut line does. Needs root and iproute2; see {@link networkIsMissing}.
 */
export class Network implements Disposable {
  private readonly hosts: string[] = [];
  private readonly rules = new Set<string>();
  private readonly onExit = () => this.removeAll();

  private constructor(
    private readonly name: string,
    private readonly subnet: string,
  ) {
    process.once('exit', this.onExit);
  }

  /**
   * Up to five addresses of this process's own side, where the servers that it starts listen; its own connections
   * to the hosts come from the first.
   */
  static create(homeAddresses: number): Network {
    removeLeftovers();
    const network = new Network(`cf-${process.pid}-${counter++}`, freeSubnet());
    try {
      network.build(homeAddresses);
      return network;
    } catch (error) {
      network[Symbol.dispose]();
      throw error;
    }
  }

  /** One of our own addresses, from 0. */
  home(index: number): string {
    return this.addressAt(HOME_BLOCK, 2 + index);
  }

  addHost(): NetworkHost {
    const number = this.hosts.length + 1;
    if (number > MAX_HOSTS) throw new Error(`There is room for ${MAX_HOSTS} hosts.`);
    const host = `${this.name}-${number}`;
    const address = this.addressAt(number, 2);
    ip('netns', 'add', host);
    this.hosts.push(host);
    ip('-n', host, 'link', 'set', 'lo', 'up');
    ip('-n', this.name, 'link', 'add', `p${number}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host);
    this.routerEnd(number);
    ip('-n', host, 'addr', 'add', `${address}/29`, 'dev', 'eth0');
    ip('-n', host, 'link', 'set', 'eth0', 'up');
    ip('-n', host, 'route', 'add', 'default', 'via', this.addressAt(number, 1));
    return { address, prefix: ['ip', 'netns', 'exec', host] };
  }

  /** From now on nothing passes between the two addresses; open connections stay open and hear nothing. */
  cut(one: string, other: string): void {
    for (const rule of between(one, other)) {
      if (this.rules.has(rule)) continue;
      ip('-n', this.name, 'rule', 'add', ...rule.split(' '));
      this.rules.add(rule);
    }
  }

  heal(one: string, other: string): void {
    for (const rule of between(one, other))
      if (this.rules.delete(rule)) ip('-n', this.name, 'rule', 'del', ...rule.split(' '));
  }

  [Symbol.dispose](): void {
    process.off('exit', this.onExit);
    this.removeAll();
  }

  private build(homeAddresses: number): void {
    ip('netns', 'add', this.name);
    ip('-n', this.name, 'link', 'set', 'lo', 'up');
    ip('netns', 'exec', this.name, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    // An interface's name has at most 15 characters.
    const device = `cf${this.subnet.replaceAll('.', '-')}`.slice(0, 15);
    ip('link', 'add', device, 'type', 'veth', 'peer', 'name', `p${HOME_BLOCK}`, 'netns', this.name);
    this.routerEnd(HOME_BLOCK);
    for (let index = 0; index < homeAddresses; index++)
      ip('addr', 'add', `${this.home(index)}/29`, 'dev', device);
    ip('link', 'set', device, 'up');
    const route = ['via', this.addressAt(HOME_BLOCK, 1), 'dev', device, 'src', this.home(0)];
    ip('route', 'add', `${this.subnet}.0/24`, ...route);
  }

  private routerEnd(block: number): void {
    ip('-n', this.name, 'addr', 'add', `${this.addressAt(block, 1)}/29`, 'dev', `p${block}`);
    ip('-n', this.name, 'link', 'set', `p${block}`, 'up');
  }

  private addressAt(block: number, offset: number): string {
    return `${this.subnet}.${block * BLOCK + offset}`;
  }

  private removeAll(): void {
    for (const namespace of [...this.hosts.splice(0), this.name]) removeNamespace(namespace);
  }
}

/** Why there can be no {@link Network} here; undefined when there can. */
export function networkIsMissing(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are of Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const probe = `cf-${process.pid}-probe`;
  try {
    ip('netns', 'add', probe);
    ip('-n', probe, 'rule', 'add', 'from', `${NET}.0.1`, 'to', `${NET}.0.2`, 'blackhole');
    return undefined;
  } catch (error) {
    return `iproute2 cannot make network namespaces here: ${String(error)}`;
  } finally {
    removeNamespace(probe);
  }
}

let counter = 0;

function between(one: string, other: string): string[] {
  return [`from ${one} to ${other} blackhole`, `from ${other} to ${one} blackhole`];
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function removeNamespace(name: string): void {
  try {
    ip('netns', 'del', name);
  } catch {
    // It was not made, or is gone.
  }
}

/** What a run that was killed left behind. */
function removeLeftovers(): void {
  const folder = '/run/netns';
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const pid = /^cf-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) removeNamespace(name);
  }
}

function freeSubnet(): string {
  const routes = ip('-4', 'route', 'show');
  for (let tries = 0; tries < 100; tries++) {
    const subnet = `${NET}.${Math.floor(Math.random() * 256)}`;
    if (!routes.includes(`${subnet}.`)) return subnet;
  }
  throw new Error(`No subnet of ${NET}.0.0/16 is free.`);
}
