// Every cryptosuite of Digital Bazaar's own packages, both ways.
// In: {issue: {case: {suite, key, credential, mandatory?, reveal?, set?}},
//      verify: {case: credential}, disclose: {case: {credential, reveal}}}
// Out: {version, issuers: {key: did}, issued, verified, disclosed}

import './offline.mjs';
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import jsigs from 'jsonld-signatures';
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
import {documents, loadKey, version} from './documents.mjs';

const {AssertionProofPurpose} = jsigs.purposes;
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

async function issue({suite: name, key: kind, credential, mandatory}) {
  let did;
  let suite;
  if(name === 'Ed25519Signature2020') {
    ({did, suite} = await legacySuite());
  } else {
    const key = keys.get(kind);
    did = key.controller;
    suite = new DataIntegrityProof({
      signer: key.signer(), cryptosuite: SIGNING[name]({mandatory})
    });
  }
  const text = JSON.stringify(credential).replaceAll(credential.issuer.id, did);
  return {did, credential: await jsigs.sign(JSON.parse(text), {
    suite, purpose: new AssertionProofPurpose(), documentLoader: documents
  })};
}

async function verify(credential) {
  const proofs = [credential.proof].flat();
  const suites = proofs.map(proof => proof.type === 'Ed25519Signature2020' ?
    new Ed25519Signature2020() :
    new DataIntegrityProof({cryptosuite: VERIFYING[proof.cryptosuite]()}));
  const answer = await vc.verifyCredential({
    credential, suite: suites, documentLoader: documents
  });
  const first = answer.error?.errors?.[0] ?? answer.error;
  return answer.verified ?
    'valid' : `refused: ${first?.cause?.message ?? first?.message}`;
}

async function disclose({credential, reveal}) {
  return vc.derive({
    verifiableCredential: credential,
    documentLoader: documents,
    suite: new DataIntegrityProof({
      cryptosuite: ecdsaSd.createDiscloseCryptosuite({selectivePointers: reveal})
    })
  });
}

async function each(rows, ask) {
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

const asked = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify({
  version: version('@digitalbazaar/vc'),
  issued: await each(asked.issue, issue),
  verified: await each(asked.verify, verify),
  disclosed: await each(asked.disclose, disclose)
}));
