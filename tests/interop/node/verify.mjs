// In: [{case, credential}] on stdin. Out: {judge: {version, said: {case: verdict}}}.

import './offline.mjs';
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {verifyCredential} from '@digitalcredentials/verifier-core';
import {documents, version} from './documents.mjs';

async function askDigitalBazaar(credential) {
  const suite = new DataIntegrityProof({cryptosuite});
  const answer = await vc.verifyCredential({
    credential, suite, documentLoader: documents
  });
  return answer.verified ? 'valid' : `refused: ${cause(answer.error)}`;
}

function cause(error) {
  const first = error.errors?.[0] ?? error;
  return first.cause?.message ?? first.message;
}

async function askVerifierCore(credential) {
  const answer = await verifyCredential({credential, knownDIDRegistries: []});
  const named = answer.errors?.map(error => error.name).join(', ');
  const signature = answer.log?.find(entry => entry.id === 'valid_signature');
  return signature?.valid ? 'valid' : `refused: ${named}`;
}

const JUDGES = {
  '@digitalbazaar/vc': askDigitalBazaar,
  '@digitalcredentials/verifier-core': askVerifierCore
};

const cases = JSON.parse(readFileSync(0, 'utf8'));
const answers = {};
for(const [name, ask] of Object.entries(JUDGES)) {
  const said = {};
  for(const {case: label, credential} of cases) {
    said[label] = await ask(structuredClone(credential));
  }
  answers[name] = {version: version(name), said};
}
process.stdout.write(JSON.stringify(answers));
