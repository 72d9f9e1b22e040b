export { DiskAssetStore } from './disk-asset-store';
