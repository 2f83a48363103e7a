// No judge may look anything up: what it needs came from its package or the caller.

console.log = console.error; // some packages chat where the answer belongs

globalThis.fetch = async address => {
  throw new TypeError(`offline: ${address?.url ?? address}`);
};
