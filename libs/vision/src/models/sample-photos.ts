import type { NpmFiles } from './fetch-files';

/**
 * Photos with three to five faces each, for the demo clip and the tests. The package is MIT; where the photos
 * come from is not stated, so they are fetched and never published.
 */
export const SAMPLE_PHOTOS: NpmFiles = {
  package: '@vladmandic/face-api@1.7.15',
  files: [
    { path: 'demo/sample1.jpg', sha256: '8ecae4b267b2d3169e06e00c7dee97097aa2a94635d45216f7732a5f4943cb51' },
    { path: 'demo/sample2.jpg', sha256: '7d2b60ae6f13bf30f422e04df87451081a02c83de469056f25afb44b7000c691' },
    { path: 'demo/sample3.jpg', sha256: '8eb081c9efb14370fa94d9feab9e5fbeafd19a627491853a80c2bf67f7ffa936' },
    { path: 'demo/sample4.jpg', sha256: '729efa5923061d40eb4ed5f267a18cc7b8ba6f852bb2757b16d8b7e4937476fc' },
    { path: 'demo/sample5.jpg', sha256: '6d45095ebb182d8f975c0790e0e4eefd86fbb40609cf4b271776d92e12662938' },
    { path: 'demo/sample6.jpg', sha256: '9baad80f9d5e306fb9b8c0913d44445f1e95848df317530efb03d0934c57ba87' },
  ],
};
