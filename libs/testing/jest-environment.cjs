const { TestEnvironment } = require('jest-environment-node');

/** Native add-ons (onnxruntime) check typed arrays by identity: tests share those of the host realm. */
module.exports = class HostTypedArraysEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    Object.assign(this.global, { Float32Array, BigInt64Array, Uint8ClampedArray, Int32Array });
  }
};
