// Signs and verifies again and again with everything in memory, for benchmarks.
// In: a line of JSON {did, privateKeyMultibase, publicKeyMultibase, documents}, then
// lines "sign NAME COUNT" or "verify NAME COUNT". Out: a line for each.

import './offline.mjs';
import {createInterface} from 'node:readline';
import jsigs from 'jsonld-signatures';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as Multikey from '@digitalbazaar/ed25519-multikey';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {documents} from './documents.mjs';

const {AssertionProofPurpose} = jsigs.purposes;
const purpose = () => new AssertionProofPurpose({
  // whose key it is was settled before: only the proof is worked on
  controller: {id: did, assertionMethod: [key.id]}
});
let did;
let key;
let files;
const signed = {};

async function begin(line) {
  const given = JSON.parse(line);
  did = given.did;
  key = await Multikey.from({
    '@context': 'https://w3id.org/security/multikey/v1',
    id: `${did}#${given.publicKeyMultibase}`,
    type: 'Multikey',
    controller: did,
    publicKeyMultibase: given.publicKeyMultibase,
    secretKeyMultibase: given.secretKeyMultibase
  });
  files = given.documents;
  for(const name of Object.keys(files)) {
    signed[name] = await sign(name);
  }
  return 'ready';
}

async function sign(name) {
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite});
  return jsigs.sign(JSON.parse(files[name]), {
    suite, purpose: purpose(), documentLoader: documents
  });
}

async function verify(name) {
  const answer = await jsigs.verify(structuredClone(signed[name]), {
    suite: new DataIntegrityProof({cryptosuite}),
    purpose: purpose(), documentLoader: documents
  });
  if(!answer.verified) {
    throw answer.error.errors?.[0] ?? answer.error;
  }
}

const ASKED = {sign, verify};

async function answer(line) {
  if(!files) {
    return begin(line);
  }
  const [what, name, count] = line.split(' ');
  for(let i = 0; i < Number(count); i++) {
    await ASKED[what](name);
  }
  return 'done';
}

let before = Promise.resolve();
createInterface({input: process.stdin}).on('line', line => {
  before = before.then(() => answer(line)).then(
    said => process.stdout.write(`${said}\n`),
    error => process.stdout.write(`refused: ${error.message}\n`));
});
