export * from './asset-store';
export { AssetUrls, ASSETS_PATH, type AssetClaims } from './disk/asset-urls';
export { DiskAssetStore } from './disk/disk-asset-store';
export { openS3AssetStore } from './s3/open-s3-asset-store';
export { type S3Options, s3ClientConfig } from './s3/s3-client-config';
export { AlreadyRunningError, type InstanceLock, lockDataFolder } from './data-folder-lock';
