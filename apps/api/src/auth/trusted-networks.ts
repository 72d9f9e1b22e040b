import { DEFAULT_TENANT_ID } from '@camfleet/domain';
import { Inject, Injectable } from '@nestjs/common';
import { BlockList, isIP } from 'node:net';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { FLEET_KEY_ID, type Principal } from './principal';

/** Workers of `VISION_TRUSTED_CIDRS`, which bring no key: what they may is what the fleet's own key may. */
@Injectable()
export class TrustedNetworks {
  private readonly networks: BlockList | undefined;

  constructor(@Inject(API_OPTIONS) { config }: ApiOptions) {
    this.networks = config.visionTrustedCidrs && toBlockList(config.visionTrustedCidrs);
  }

  /**
   * `null`: the address lies in none of them. A tenant is looked for and never made: who brings no key must not fill
   * the database with names, and finds nothing where there is none.
   */
  principalAt(address: string, tenantId = DEFAULT_TENANT_ID): Principal | null {
    if (!this.networks || !includes(this.networks, address)) return null;
    return {
      id: FLEET_KEY_ID,
      name: 'trusted network',
      kind: 'key',
      role: 'worker',
      tenantId,
      everything: false,
    };
  }
}

/** `10.0.0.0/8`, `fd00::/8`, or an address alone. */
export function toBlockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** IPv4 addresses that come over an IPv6 socket (`::ffff:10.0.0.7`) are IPv4 ones. */
export function includes(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
