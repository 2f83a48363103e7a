// The verifier of the Digital Credentials Consortium, and presentations by it.
// In: {web: {url: document}, verify: {case: {credential, web?}},
//      presentations: {case: {presentation, challenge}},
//      legacy: {case: credential}}  (unsigned, to be signed here)
// Out: {version, verified: {case: verdict}, presentations: {case: verdict},
//       legacy: {case: {did, credential}}}

import './offline.mjs';
import {readFileSync} from 'node:fs';
import {Ed25519Signature2020} from '@digitalcredentials/ed25519-signature-2020';
import {Ed25519VerificationKey2020} from
  '@digitalcredentials/ed25519-verification-key-2020';
import {securityLoader} from '@digitalcredentials/security-document-loader';
import * as vc from '@digitalcredentials/vc';
import {verifyCredential, verifyPresentation} from
  '@digitalcredentials/verifier-core';
import {each} from './cryptosuites.mjs';
import {version} from './documents.mjs';

const asked = JSON.parse(readFileSync(0, 'utf8'));

// What it fetches lies in this map, and nowhere else.
let web = {};
globalThis.fetch = async address => {
  const url = address?.url ?? String(address);
  if(!(url in web)) {
    return new Response('', {status: 404});
  }
  return new Response(JSON.stringify(web[url]), {
    headers: {'content-type': 'application/json'}
  });
};

// "valid" or "refused", and every question that was not answered with yes.
function word({errors, log}) {
  if(errors) {
    return `refused: ${errors.map(error => error.name).join(', ')}`;
  }
  const open = log.filter(({id, valid}) => !valid && id !== 'registered_issuer');
  const signed = log.find(({id}) => id === 'valid_signature')?.valid;
  return [
    signed ? 'valid' : 'refused',
    ...open.map(({id, error}) => error ? `${id} ${error.name}` : id)
  ].join('; ');
}

async function verify({credential, web: own}) {
  web = {...asked.web, ...own};
  return word(await verifyCredential({credential, knownDIDRegistries: []}));
}

async function readPresentation({presentation, challenge}) {
  web = asked.web ?? {};
  const answer = await verifyPresentation({
    presentation, challenge, knownDIDRegistries: []
  });
  if(answer.errors) {
    return `refused: ${answer.errors.map(error => error.name).join(', ')}`;
  }
  const {signature} = answer.presentationResult;
  const inside = answer.credentialResults.map(word);
  return [
    signature === 'valid' ? 'valid' : `refused: ${signature}`,
    ...inside.map(said => `inside ${said}`)
  ].join('; ');
}

const key = await Ed25519VerificationKey2020.generate();
key.controller = `did:key:${key.fingerprint()}`;
key.id = `${key.controller}#${key.fingerprint()}`;
const documentLoader = securityLoader().build();

async function legacy(credential) {
  const did = key.controller;
  const text = JSON.stringify(credential).replaceAll(credential.issuer.id, did);
  return {did, credential: await vc.issue({
    credential: JSON.parse(text), suite: new Ed25519Signature2020({key}),
    documentLoader
  })};
}

process.stdout.write(JSON.stringify({
  version: version('@digitalcredentials/verifier-core'),
  verified: await each(asked.verify, verify),
  presentations: await each(asked.presentations, readPresentation),
  legacy: await each(asked.legacy, legacy)
}));
