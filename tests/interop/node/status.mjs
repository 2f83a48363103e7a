// In: [{case, credential: {badge, list}}] on stdin: a signed badge and the signed list
// that lies at the address it names; or {badge, url, set} unsigned, to be made here.
// Out: {version, issuer, said: {case: verdict}, made: {case: {badge, list}}}.

import './offline.mjs';
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import * as Multikey from '@digitalbazaar/ed25519-multikey';
import * as status from '@digitalbazaar/vc-bitstring-status-list';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {documents, version} from './documents.mjs';

const LENGTH = 131072;
const key = await Multikey.generate();
const multibase = (await key.export({publicKey: true})).publicKeyMultibase;
const issuer = `did:key:${multibase}`;
key.controller = issuer;
key.id = `${issuer}#${multibase}`;

async function verdict({badge, list}) {
  async function documentLoader(url) {
    if(url === badge.credentialStatus.statusListCredential) {
      return {contextUrl: null, documentUrl: url, document: list};
    }
    return documents(url);
  }
  const answer = await status.checkStatus({
    credential: badge, documentLoader,
    suite: new DataIntegrityProof({cryptosuite}),
    verifyBitstringStatusListCredential: true, verifyMatchingIssuers: true
  });
  if(answer.error) {
    return `refused: ${answer.error.cause?.message ?? answer.error.message}`;
  }
  // `verified` says that the list could be read, not what stands in it.
  return answer.results.some(result => result.status) ? 'set' : 'clear';
}

async function signed(credential) {
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite});
  return vc.issue({credential, suite, documentLoader: documents});
}

async function made({badge, url, set}) {
  const list = await status.createList({length: LENGTH});
  for(const position of set) {
    list.setStatus(position, true);
  }
  const unsigned = await status.createCredential({
    id: url, list, statusPurpose: 'revocation'
  });
  unsigned.issuer = issuer;
  unsigned.validFrom = new Date(Date.now() - 60000).toISOString();
  const text = JSON.stringify(badge).replaceAll(badge.issuer.id, issuer);
  return {
    badge: await signed(JSON.parse(text)), list: await signed(unsigned)
  };
}

const said = {};
const theirs = {};
for(const {case: label, credential} of JSON.parse(readFileSync(0, 'utf8'))) {
  if(credential.list) {
    said[label] = await verdict(credential);
  } else {
    theirs[label] = await made(credential);
  }
}
process.stdout.write(JSON.stringify({
  version: version('@digitalbazaar/vc-bitstring-status-list'),
  issuer, said, made: theirs
}));
