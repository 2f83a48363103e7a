// The cryptosuites of Digital Bazaar's own packages, and a fresh key of each kind.

import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {Ed25519Signature2020} from '@digitalbazaar/ed25519-signature-2020';
import {Ed25519VerificationKey2020} from
  '@digitalbazaar/ed25519-verification-key-2020';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import {cryptosuite as ecdsaRdfc} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as eddsaRdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {loadKey} from './documents.mjs';

for(const header of ['zDna', 'z82L']) {
  loadKey.use({multibaseMultikeyHeader: header, fromMultibase: EcdsaMultikey.from});
}

const SIGNING = {
  'eddsa-rdfc-2022': () => eddsaRdfc,
  'eddsa-jcs-2022': () => eddsaJcs.createSignCryptosuite(),
  'ecdsa-rdfc-2019': () => ecdsaRdfc,
  'ecdsa-jcs-2019': () => ecdsaJcs.createSignCryptosuite(),
  'ecdsa-sd-2023': ({mandatory}) =>
    ecdsaSd.createSignCryptosuite({mandatoryPointers: mandatory})
};
const VERIFYING = {
  'eddsa-rdfc-2022': () => eddsaRdfc,
  'eddsa-jcs-2022': () => eddsaJcs.createVerifyCryptosuite(),
  'ecdsa-rdfc-2019': () => ecdsaRdfc,
  'ecdsa-jcs-2019': () => ecdsaJcs.createVerifyCryptosuite(),
  'ecdsa-sd-2023': () => ecdsaSd.createVerifyCryptosuite()
};

async function newKey(kind) {
  if(kind === 'Ed25519') {
    return Ed25519Multikey.generate();
  }
  return EcdsaMultikey.generate({curve: kind});
}

const keys = new Map();
for(const kind of ['Ed25519', 'P-256', 'P-384']) {
  const key = await newKey(kind);
  const multibase = (await key.export({publicKey: true})).publicKeyMultibase;
  key.controller = `did:key:${multibase}`;
  key.id = `${key.controller}#${multibase}`;
  keys.set(kind, key);
}

async function legacySuite() {
  const key = await Ed25519VerificationKey2020.generate();
  key.controller = `did:key:${key.fingerprint()}`;
  key.id = `${key.controller}#${key.fingerprint()}`;
  return {did: key.controller, suite: new Ed25519Signature2020({key})};
}

// Who signs, and how: {did, suite}. `mandatory` is of ecdsa-sd-2023.
export async function signing({suite: name, key: kind, mandatory}) {
  if(name === 'Ed25519Signature2020') {
    return legacySuite();
  }
  const key = keys.get(kind);
  return {did: key.controller, suite: new DataIntegrityProof({
    signer: key.signer(), cryptosuite: SIGNING[name]({mandatory})
  })};
}

// Every suite that one of these proofs needs, once each.
export function verifying(proofs) {
  const names = new Set(proofs.map(proof => proof.cryptosuite ?? proof.type));
  return [...names].map(name => name === 'Ed25519Signature2020' ?
    new Ed25519Signature2020() :
    new DataIntegrityProof({cryptosuite: VERIFYING[name]()}));
}

// What a judge says who answered {verified, error}.
export function word({verified, error}) {
  const first = error?.errors?.[0] ?? error;
  return verified ? 'valid' : `refused: ${first?.cause?.message ?? first?.message}`;
}

// The answers of `ask` by case; an error is a refusal.
export async function each(rows, ask) {
  const said = {};
  for(const [label, row] of Object.entries(rows ?? {})) {
    try {
      said[label] = await ask(structuredClone(row));
    } catch(error) {
      said[label] = `refused: ${error.message}`;
    }
  }
  return said;
}
