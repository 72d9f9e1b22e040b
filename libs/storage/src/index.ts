export * from './asset-store';
export { AssetUrls, ASSETS_PATH, type AssetClaims } from './disk/asset-urls';
export { DiskAssetStore } from './disk/disk-asset-store';
export { S3AssetStore, type S3Options, s3ClientConfig } from './s3/s3-asset-store';
export { AlreadyRunningError, type InstanceLock, lockDataFolder } from './data-folder-lock';
