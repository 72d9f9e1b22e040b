import { returnPath } from './return-path';
import { mayDo } from './role';

describe('returnPath', () => {
  it('leads back to where one was, and never to another site', () => {
    expect(returnPath({ from: '/events?camera=1' })).toBe('/events?camera=1');
    for (const state of [null, undefined, {}, { from: '//evil.example' }, { from: 'https://evil.example' }])
      expect(returnPath(state)).toBe('/');
  });
});

describe('mayDo', () => {
  it('lets a viewer change nothing, and a worker key nothing at all', () => {
    expect(mayDo('viewer', 'operator')).toBe(false);
    expect(mayDo('operator', 'operator')).toBe(true);
    expect(mayDo('operator', 'admin')).toBe(false);
    expect(mayDo('admin', 'viewer')).toBe(true);
    expect(mayDo('worker', 'viewer')).toBe(false);
  });
});
