// In: [{case, credential}] on stdin, unsigned, with any issuer id.
// Out: {version, issuer, issued: {case: credential}}, signed by a fresh did:key.

import './offline.mjs';
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import * as Multikey from '@digitalbazaar/ed25519-multikey';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {documents, version} from './documents.mjs';

const key = await Multikey.generate();
const multibase = (await key.export({publicKey: true})).publicKeyMultibase;
const issuer = `did:key:${multibase}`;
key.controller = issuer;
key.id = `${issuer}#${multibase}`;

const issued = {};
for(const {case: label, credential} of JSON.parse(readFileSync(0, 'utf8'))) {
  const text = JSON.stringify(credential).replaceAll(credential.issuer.id, issuer);
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite});
  issued[label] = await vc.issue({
    credential: JSON.parse(text), suite, documentLoader: documents
  });
}
process.stdout.write(
  JSON.stringify({version: version('@digitalbazaar/vc'), issuer, issued}));
