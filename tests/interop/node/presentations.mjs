// Presentations, signed and verified by Digital Bazaar's packages.
// In: {present: {case: {suite, key, credentials, challenge, domain}},
//      verify: {case: {presentation, challenge, domain}}}
// Out: {version, presented: {case: {did, presentation}}, verified: {case: verdict}}

import './offline.mjs';
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import {each, signing, verifying, word} from './cryptosuites.mjs';
import {documents, version} from './documents.mjs';

async function present({credentials, challenge, domain, ...how}) {
  const {did, suite} = await signing(how);
  const presentation = vc.createPresentation({
    verifiableCredential: credentials, holder: did
  });
  return {did, presentation: await vc.signPresentation({
    presentation, suite, challenge, domain, documentLoader: documents
  })};
}

async function verify({presentation, challenge, domain}) {
  const signed = [presentation, ...presentation.verifiableCredential];
  const answer = await vc.verify({
    presentation, challenge, domain,
    suite: verifying(signed.flatMap(({proof}) => proof)),
    documentLoader: documents
  });
  // a badge that is refused tells why apart from the presentation
  const inside = answer.credentialResults?.find(result => !result.verified);
  return word({verified: answer.verified, error: answer.error ?? inside?.error});
}

const asked = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify({
  version: version('@digitalbazaar/vc'),
  presented: await each(asked.present, present),
  verified: await each(asked.verify, verify)
}));
