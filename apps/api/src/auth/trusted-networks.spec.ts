import { includes, toBlockList } from './trusted-networks';

describe('the networks whose workers bring no key', () => {
  const trusted = toBlockList(['10.0.0.0/8', '192.168.1.7', 'fd00::/8']);

  it.each(['10.1.2.3', '192.168.1.7', 'fd12::1', '::ffff:10.1.2.3'])('hold %s', (address) => {
    expect(includes(trusted, address)).toBe(true);
  });

  it.each(['11.0.0.1', '192.168.1.8', 'fe80::1', '::ffff:11.0.0.1', 'somewhere', ''])(
    'do not hold %s, which would read every video',
    (address) => {
      expect(includes(trusted, address)).toBe(false);
    },
  );
});
