// Every cryptosuite of Digital Bazaar's own packages, both ways.
// In: {issue: {case: {suite, key, credential, mandatory?, reveal?, set?}},
//      verify: {case: credential}, disclose: {case: {credential, reveal}}}
// Out: {version, issuers: {key: did}, issued, verified, disclosed}

import './offline.mjs';
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import jsigs from 'jsonld-signatures';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import {each, signing, verifying, word} from './cryptosuites.mjs';
import {documents, version} from './documents.mjs';

const {AssertionProofPurpose} = jsigs.purposes;

async function issue({credential, ...how}) {
  const {did, suite} = await signing(how);
  const text = JSON.stringify(credential).replaceAll(credential.issuer.id, did);
  return {did, credential: await jsigs.sign(JSON.parse(text), {
    suite, purpose: new AssertionProofPurpose(), documentLoader: documents
  })};
}

async function verify(credential) {
  return word(await vc.verifyCredential({
    credential, suite: verifying([credential.proof].flat()), documentLoader: documents
  }));
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

const asked = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify({
  version: version('@digitalbazaar/vc'),
  issued: await each(asked.issue, issue),
  verified: await each(asked.verify, verify),
  disclosed: await each(asked.disclose, disclose)
}));
