export * from './asset-store';
export { DiskAssetStore } from './disk-asset-store';
export { AlreadyRunningError, type InstanceLock, lockDataFolder } from './data-folder-lock';
