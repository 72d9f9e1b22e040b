// Loaded in place of node-av under jest, whose own `require` cannot load an ES module; node's can.
module.exports = globalThis.hostRequire('node-av');
