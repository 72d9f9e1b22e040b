const { TestEnvironment } = require('jest-environment-node');

/**
 * Native add-ons (onnxruntime) check typed arrays by identity: tests share those of the host realm. `hostRequire`
 * is node's own, which can load what jest's cannot (node-av.cjs).
 */
module.exports = class HostTypedArraysEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    Object.assign(this.global, { Float32Array, BigInt64Array, Uint8ClampedArray, Int32Array });
    Object.assign(this.global, { hostRequire: require });
  }
};
