// Loaded in place of node-av under jest, whose own `require` cannot load an ES module; node's can.
const { createRequire } = process.getBuiltinModule('node:module');

module.exports = createRequire(__filename)('node-av');
